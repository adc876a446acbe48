import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { filesOf } from "../harness/index-page.ts";
import { type IndexServer, startIndex } from "../harness/index-server.ts";
import { createPlace, type Place } from "../harness/project.ts";
import { requirePython } from "../harness/python.ts";
import { type PipCase, type PipCases, readCases } from "./cases.ts";
import { type RealPip, startPip } from "./real-pip.ts";
import { differences, tracesOf } from "./traces.ts";

// The same words, files and index for pip and for PyBun, each with an environment of its own: the files that are there
// afterwards, their metadata and the exit codes have to be the same.

interface Scene {
  readonly place: Place;
  readonly index: IndexServer;
  readonly links: string;
}
interface Side {
  readonly root: string;
  readonly environment: string;
  readonly work: string;
}

const python = requirePython();
const only = process.env["TEST_CASE"];
let calls = 0;

/** Shared by all: pip, and an environment to copy. */
const shared = createPlace();
const template = path.join(shared.root, "template");
spawnSync(python.path, ["-m", "venv", "--without-pip", template]);
const pip = await startPip(python, shared.temporary);

/** The cases that every run of the tests has time for. */
export const isQuick = (number: number): boolean => number % 4 === 0;

/** Replays the cases for whose number, counted through all files, `isTaken` holds; those that `TEST_CASE` names, if it is set. */
export function replay(isTaken: (number: number) => boolean): void {
  let number = 0;
  for (const cases of readCases()) {
    let scene: Promise<Scene> | undefined;
    for (const one of cases.cases) {
      const name = `${cases.file}: ${one.name}`;
      if (only === undefined ? isTaken(number++) : name.includes(only))
        test(name, async () => compare(one, await (scene ??= openScene(cases)), theirs()));
    }
    test.after(async () => {
      const opened = await scene;
      await opened?.index.stop();
      opened?.place.remove();
    });
  }
  test.after(() => {
    pip?.stop();
    shared.remove();
  });
  test.run();
}

function theirs(): RealPip {
  if (!pip) throw new Error(`${python.path} has no pip to compare with`);
  return pip;
}

async function openScene({ packages }: PipCases): Promise<Scene> {
  const index = await startIndex({ packages });
  const place = createPlace({ index });
  const links = path.join(place.root, "links");
  fs.mkdirSync(links);
  for (const { filename, bytes } of packages.flatMap(filesOf)) fs.writeFileSync(path.join(links, filename), bytes);
  return { place, index, links };
}

async function compare(one: PipCase, scene: Scene, real: RealPip): Promise<void> {
  const number = ++calls;
  const [pip, pybun] = [sideOf(`pip-${number}`, scene), sideOf(`bun-${number}`, scene)];
  let outputs: readonly string[] = [];
  for (const words of one.run) {
    const theirs = await callPip(words, { side: pip, one, scene }, real);
    const ours = await callPybun(words, { side: pybun, one, scene });
    const told = `pip:\n${theirs.stdout}${theirs.stderr}\npybun:\n${ours.stdout}${ours.stderr}`;
    assert.is(ours.exitCode, theirs.exitCode, `exit code of \`${words.join(" ")}\`\n${told}`);
    const left = differences(tracesOf(pip), tracesOf(pybun));
    assert.equal(left, [], `\`${words.join(" ")}\`\n${left.join("\n")}\n${told}`);
    outputs = [theirs.stdout.replaceAll(pip.root, "{root}"), ours.stdout.replaceAll(pybun.root, "{root}")];
  }
  const [theirs = "", ours = ""] = outputs;
  if (one.stdout === "json") assert.equal(comparable(ours), comparable(theirs));
  else if (one.stdout) assert.is(ours, theirs);
}

/** Reports, without who made them, and in the order of names: each installer has its own. */
const comparable = (text: string): unknown =>
  JSON.parse(text, (key, value: unknown) => {
    if (/^(?:pip_version|installer|hash)$/.test(key)) return undefined;
    if (key !== "install" && key !== "installed") return value;
    const nameOf = (each: unknown): string => (each as { metadata: { name: string } }).metadata.name;
    return (value as unknown[]).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  });

function sideOf(name: string, { place }: Scene): Side {
  const root = path.join(place.root, name);
  const side = { root, environment: path.join(root, "env"), work: path.join(root, "work") };
  fs.mkdirSync(side.work, { recursive: true });
  fs.cpSync(template, side.environment, { recursive: true, verbatimSymlinks: true });
  return side;
}

interface Call {
  readonly side: Side;
  readonly one: PipCase;
  readonly scene: Scene;
}

const filledIn = (text: string, { side, scene }: Pick<Call, "side" | "scene">): string =>
  text
    .replaceAll("{index}", scene.index.url)
    .replaceAll("{origin}", scene.index.origin)
    .replaceAll(/\{(sha\d+):([^}]+)\}/g, (_, algorithm: string, name: string) =>
      createHash(algorithm)
        .update(fs.readFileSync(path.join(scene.links, name)))
        .digest("hex"),
    )
    .replaceAll("{links}", scene.links)
    .replaceAll("{work}", side.work);

function writeFiles({ one, ...call }: Call): void {
  for (const [file, text] of Object.entries(one.files)) {
    const target = path.join(call.side.work, file);
    if (fs.existsSync(target)) continue;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, filledIn(text, call));
  }
  if (one.repository !== undefined) makeRepository(path.join(call.side.work, one.repository));
}

/** The same commit wherever it is made. */
function makeRepository(folder: string): void {
  if (fs.existsSync(path.join(folder, ".git"))) return;
  const time = "2024-01-01T00:00:00Z";
  const who = { NAME: "somebody", EMAIL: "somebody@example.org", DATE: time };
  const env: Record<string, string | undefined> = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null" };
  for (const role of ["AUTHOR", "COMMITTER"])
    for (const [name, value] of Object.entries(who)) env[`GIT_${role}_${name}`] = value;
  for (const words of ["init -q -b main .", "add -A .", "commit -q -m one", "tag v1"])
    spawnSync("git", words.split(" "), { cwd: folder, env });
}

async function callPip(words: readonly string[], call: Call, real: RealPip) {
  const { side, one, scene } = call;
  writeFiles(call);
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: path.join(side.root, "home"),
    PIP_INDEX_URL: scene.index.url,
    PIP_CONFIG_FILE: "/dev/null",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    PIP_NO_CACHE_DIR: "1",
    PIP_NO_COMPILE: "1",
    PIP_NO_INPUT: "1",
    ...one.env,
  };
  const filled = words.map((word) => filledIn(word, call));
  return real.run({ words: filled, cwd: side.work, environment: side.environment, env });
}

async function callPybun(words: readonly string[], call: Call) {
  const { side, one, scene } = call;
  writeFiles(call);
  const filled = words.map((word) => filledIn(word, call));
  const env = { VIRTUAL_ENV: side.environment, HOME: path.join(side.root, "home"), ...one.env };
  return scene.place.run(["pip", ...filled, ...one.more], { cwd: side.work, env });
}
