import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { executablePath } from "../harness/executable.ts";
import { filesBelow, removeTree } from "../harness/files.ts";
import { differences, whenServed } from "./compare.ts";
import { type Observed, observe, type Starter } from "./observe.ts";
import type { Program } from "./programs.ts";
import type { Scene } from "./scene.ts";

export const SERVED = { PYBUN_ZYGOTE: "on", PYBUN_DAEMON: "on" } as const;
export const ASKED = { PYBUN_ZYGOTE: "off", PYBUN_DAEMON: "on" } as const;

const words = [executablePath(), "run"];
const served: Starter = { words, via: words, env: SERVED, isLed: true, warmUp: [...words, "--explain", "-c", "pass"] };
const explaining = [...words, "--explain"];
const explained: Starter = { ...served, words: explaining, via: explaining };

/** A server is started after a first run, and learns from what it serves; each run has to be right. */
const RUNS = 3;
const MOST_RUNS = 12;

/** What was served, and why else not. */
export const tally: { served: string[]; aside: [name: string, why: string][] } = { served: [], aside: [] };

/** Runs the program until a fork server has served it, or stepped aside, and again then. */
export async function compareServed(program: Program, scene: Scene, wanted: Observed): Promise<readonly string[]> {
  const seen = new Map<string, number[]>();
  let reasons: readonly string[] = ["none has been started"];
  const declared = program.served.length > 0 ? whenServed(program, wanted) : undefined;
  let isAsDeclared = false;
  let runs = 0;
  for (let left = program.unserved === undefined ? MOST_RUNS : RUNS; left > 0; left--) {
    const found = await observe(program, scene, served);
    runs += 1;
    const lines = differences(program, wanted, found);
    isAsDeclared = lines.length > 0 && declared !== undefined && differences(program, declared, found).length === 0;
    for (const line of isAsDeclared ? [] : lines) seen.set(line, [...(seen.get(line) ?? []), runs]);
    if (program.unserved !== undefined || runs < RUNS || !reasons.some((reason) => STARTING.test(reason))) continue;
    reasons = await explanation(program, scene);
    // What was learned of the program counts for one run more; where it starts several, all may never be served in one.
    if (!reasons.some((reason) => STARTING.test(reason))) left = 2;
    else if (reasons.includes(USED)) left = Math.min(left, RUNS + 1);
  }
  const lines = [...seen].map(([line, at]) => `runs ${at.join(" ")} of ${runs}: ${line}`);
  if (declared !== undefined && reasons.includes(USED) && !isAsDeclared)
    lines.push("what is declared to differ when it is served does not, any more");
  // What this program is, such as its limits, may have made a server that is of no use to the next.
  if (reasons.some((reason) => reason !== USED)) forgetServers(scene);
  if (reasons.includes(USED)) tally.served.push(program.name);
  else if (program.unserved !== undefined) tally.aside.push([program.name, program.unserved]);
  else if (reasons.some((reason) => STARTING.test(reason)))
    lines.push(`no fork server came to serve it: ${[...new Set(reasons)].join("; ")}`, ...logs(scene));
  else tally.aside.push([program.name, [...new Set(reasons)].join("; ") || "not said"]);
  return lines;
}

const USED = "used";
const STARTING = /none has been started|did not answer/;

/** What became of each start of Python, as `--explain` has it. */
async function explanation(program: Program, scene: Scene): Promise<readonly string[]> {
  const { stdout, stderr, files } = await observe(program, scene, explained);
  const text = [stdout, stderr, ...Object.values(files)].join("\n");
  return [...text.matchAll(/^fork server +(?:not used: )?(.*?)\r?$/gm)].map(([, reason = ""]) => reason);
}

/** Ends what serves a scene, and what was learned for the next. */
function forgetServers(scene: Scene): void {
  endServers(scene);
  for (const file of serverFiles(scene)) if (path.basename(file) === "modules") fs.rmSync(file, { force: true });
}

const serverFiles = ({ data }: Scene): readonly string[] =>
  filesBelow(path.join(data, "zygote"), ".", () => true).map((file) => path.join(data, "zygote", file));

/** What its servers have said, and which have been started. */
const logs = (scene: Scene): readonly string[] =>
  serverFiles(scene).flatMap((file) => {
    if (file.endsWith(".started")) return [`${file}: ${(Date.now() - fs.statSync(file).mtimeMs).toFixed(0)} ms ago`];
    return file.endsWith(".log") ? fs.readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  });

/** Ends what serves a scene. */
export function endServers(scene: Scene): void {
  for (const kind of ["zygote", "daemon"]) pybun(scene, kind, "stop");
}

const pybun = ({ env, root }: Scene, ...words: readonly string[]) =>
  spawnSync(executablePath(), [...words], { env: { ...env, ...ASKED }, cwd: root, encoding: "utf8" });

const daemonsOf = (scene: Scene): readonly { readonly served: number }[] =>
  (JSON.parse(pybun(scene, "--format=json", "daemon", "status").stdout) as { data: { daemons: { served: number }[] } })
    .data.daemons;

/** Has a daemon wait for what has no terminal, if none does. Throws where none comes. */
export function startDaemon(scene: Scene): void {
  for (let tries = 0; daemonsOf(scene).length === 0; tries++) {
    const environment = path.join(scene.root, `made-${tries}`);
    const { status, stderr } = pybun(scene, "venv", environment);
    if (status !== 0 || tries === MOST_TRIES) throw new Error(`no daemon has started: ${stderr}`);
    removeTree(environment);
  }
}
const MOST_TRIES = 200;

/** What the daemons of a scene have run. */
export const askedOf = (scene: Scene): number => daemonsOf(scene).reduce((sum, { served }) => sum + served, 0);
