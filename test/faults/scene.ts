import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { installedName, packFakePython } from "../harness/fake-python-tar.ts";
import { removeTree } from "../harness/files.ts";
import { type IndexServer, startIndex } from "../harness/index-server.ts";
import { projectText } from "../harness/lock-scene.ts";
import { createPlace, type Place, type Result, type RunOptions } from "../harness/project.ts";
import { writePythonMirror } from "../harness/python-mirror.ts";
import type { Release } from "../harness/release.ts";
import { compare, type Picture, pictureOf } from "./picture.ts";

/** A command that changes something, from what there is before it to what there is after it. */
export interface Operation {
  readonly words: readonly string[];
  /** Packages of the project before and after, as requirements; `gc` and the others change none. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  /** The environment is still to be made. */
  readonly isNew?: boolean;
  /** What is done before, beside that. */
  readonly prepare?: readonly (readonly string[])[];
  /** What must be the old or the new at every instant: the environment's modules, or the Pythons. */
  readonly watched: "modules" | "pythons";
  /** What is only added comes bit by bit, what it consists of before what names it. */
  readonly isGrowing?: boolean;
  /** The command changes the project's files itself: with the environment, all of them are old or all new once the next command has run. */
  readonly changesProject?: boolean;
  /** Exit code where there is nothing left to do; default 0. */
  readonly exitWhenDone?: number;
  readonly env?: Readonly<Record<string, string>>;
}

const SIX = [0, 1, 2, 3, 4, 5];
const at = (version: string, numbers: readonly number[]): string[] =>
  numbers.map((number) => `part-${number}==${version}`);
const INSTALL = ["install", "--no-install-project"];
const PYTHON = "3.12.90";

export const OPERATIONS = {
  install: { words: INSTALL, after: at("1.0", SIX), watched: "modules" },
  "install with bytecode": {
    words: INSTALL,
    after: at("1.0", [0, 1, 2]),
    watched: "modules",
    env: { PYBUN_STORE_BYTECODE: "wait" },
  },
  "install with kept bytecode": {
    words: INSTALL,
    after: at("1.0", [0, 1, 2]),
    // Linked before it is compiled: nothing of it is kept yet.
    prepare: [["run", ...at("1.0", [0, 1, 2]).map((requirement) => `--with=${requirement}`), "-c", "pass"]],
    watched: "modules",
    env: { PYBUN_STORE_BYTECODE: "wait" },
  },
  upgrade: { words: INSTALL, before: at("1.0", SIX), after: at("2.0", SIX), watched: "modules" },
  "upgrade by copies": {
    words: [...INSTALL, "--link-mode=copy"],
    before: at("1.0", SIX),
    after: at("2.0", SIX),
    watched: "modules",
  },
  "upgrade by hard links": {
    words: [...INSTALL, "--link-mode=hardlink"],
    before: at("1.0", SIX),
    after: at("2.0", SIX),
    watched: "modules",
  },
  add: { words: INSTALL, before: at("1.0", [0, 1]), after: at("1.0", SIX), watched: "modules", isGrowing: true },
  remove: { words: INSTALL, before: at("1.0", SIX), after: at("1.0", [0, 3]), watched: "modules" },
  "project add": {
    words: ["add", "part-2==1.0", "part-3==1.0"],
    before: at("1.0", [0, 1]),
    watched: "modules",
    isGrowing: true,
    changesProject: true,
  },
  "project add, nothing installed yet": {
    words: ["add", "part-2==1.0", "part-3==1.0"],
    before: at("1.0", [0, 1]),
    isNew: true,
    watched: "modules",
    changesProject: true,
  },
  "project upgrade by add": {
    words: ["add", "part-0==2.0", "part-1==2.0"],
    before: at("1.0", [0, 1, 2]),
    watched: "modules",
    changesProject: true,
  },
  "project upgrade --latest": {
    words: ["upgrade", "--latest"],
    before: at("1.0", [0, 1, 2]),
    watched: "modules",
    changesProject: true,
  },
  "project add --no-sync": {
    words: ["add", "part-2==1.0", "--no-sync"],
    before: at("1.0", [0, 1]),
    watched: "modules",
    changesProject: true,
  },
  "project remove": {
    words: ["remove", "part-1", "part-3"],
    before: at("1.0", [0, 1, 2, 3]),
    watched: "modules",
    changesProject: true,
    exitWhenDone: 3,
  },
  gc: {
    words: ["gc", "--max-size=0"],
    before: at("1.0", [0, 1]),
    after: at("1.0", [0, 1]),
    prepare: [["run", "--with=part-2", "--with=part-3==2.0", "-c", "pass"]],
    watched: "modules",
  },
  "python install": { words: ["python", "install", "3.12"], watched: "pythons" },
  "python install --reinstall": {
    words: ["python", "install", "3.12", "--reinstall"],
    prepare: [["python", "install", "3.12"]],
    watched: "pythons",
  },
  "python remove": {
    words: ["python", "remove", "3.12"],
    prepare: [["python", "install", "3.12"]],
    watched: "pythons",
    exitWhenDone: 3,
  },
} as const satisfies Readonly<Record<string, Operation>>;
export type OperationName = keyof typeof OPERATIONS;

/** Modules, a namespace that all share, a command and a large file, each of which says the version. */
const release = (version: string, number: number): Release => ({
  name: `part-${number}`,
  version,
  "console-scripts": { [`tool-${number}`]: `part_${number}:main` },
  files: {
    [`part_${number}/__init__.py`]: `version = "${version}"\n`,
    [`part_${number}/inner/module.py`]: `version = "${version}"\n`,
    [`part_${number}/data.txt`]: `${number} ${version}\n`.repeat(3000),
    [`shared_space/part_${number}.py`]: `version = "${version}"\n`,
    [`single_${number}.py`]: `version = "${version}"\n`,
  },
});
export const RELEASES: readonly Release[] = ["1.0", "2.0"].flatMap((version) =>
  SIX.map((number) => release(version, number)),
);

/** A place in which one operation can be done again and again from the same beginning. */
export interface Scene {
  readonly operation: Operation;
  readonly place: Place;
  readonly index: IndexServer;
  /** Puts everything back to where it was before the operation, or the project with its environment alone. */
  reset(what?: "project"): void;
  /** Runs the operation, or other words, in the scene's environment, with the envelope printed. */
  run(options?: RunOptions, words?: readonly string[]): Promise<Result>;
  /** `old`, `new`, `both` where these are the same, `grown` (see `isGrowing`), or what is neither. Of what readers see at this instant. */
  seen(): string;
  /** The same of all of the environment: its commands and its own files too. */
  whole(): string;
  /** The same of the project's file, its lock and the environment together, never `grown`; undefined where these are not changed together. */
  together(): string | undefined;
  remove(): Promise<void>;
}

export interface SceneOptions {
  /** Folder to make the place in; default the system's temporary folder. */
  readonly under?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly index?: IndexServer;
  /** Is handed the place before anything is in it, such as to mount something there. */
  readonly furnish?: (place: Place) => void;
}

/** Makes the scene and does the operation once, so that it is known what it leads to. */
export async function openScene(name: OperationName, options: SceneOptions = {}): Promise<Scene> {
  const operation: Operation = OPERATIONS[name];
  const index = options.index ?? (await startIndex({ packages: RELEASES }));
  const env = { PYBUN_STORE_BYTECODE: "never", ...operation.env, ...options.env };
  const place = createPlace({ index, env, ...(options.under !== undefined && { under: options.under }) });
  options.furnish?.(place);
  const mirror = operation.watched === "pythons" ? writeMirror(place) : {};
  const run: Scene["run"] = (more = {}, words = operation.words) =>
    place.run(["--format=json", ...words], { ...more, env: { ...mirror, ...more.env } });
  const succeed = async (words: readonly string[]): Promise<void> => {
    const { exitCode, stdout, stderr } = await run({}, words);
    if (exitCode !== 0) throw new Error(`\`${words.join(" ")}\` before any fault: ${stdout}${stderr}`);
  };
  const ask = (packages: readonly string[] | undefined): void => {
    if (packages) place.write({ "pyproject.toml": projectText(packages) });
  };
  ask(operation.before);
  if (operation.before && !operation.isNew) await succeed(INSTALL);
  for (const words of operation.prepare ?? []) await succeed(words);
  ask(operation.after);
  const folders = foldersOf(place, operation.watched);
  const take = (): readonly [Picture, Picture] => [
    pictureOf(folders[0], place.root),
    pictureOf(folders[1], place.root),
  ];
  const saved = save(place);
  const project = (): Picture => projectPicture(place, pictureOf(folders[0], place.root));
  const before = take();
  const projectBefore = project();
  await succeed(operation.words);
  const after = take();
  const projectAfter = project();
  saved.restore();
  const state = (which: 0 | 1): string =>
    compare(pictureOf(folders[which], place.root), [before[which], after[which]], operation.isGrowing === true);
  return {
    operation,
    place,
    index,
    reset: saved.restore,
    run,
    seen: () => state(0),
    whole: () => state(1),
    together: () => (operation.changesProject ? compare(project(), [projectBefore, projectAfter], false) : undefined),
    remove: async () => {
      place.remove();
      if (options.index === undefined) await index.stop();
    },
  };
}

/** A project's file and lock, and what readers of its environment see. */
const projectPicture = (place: Place, environment: Picture): Picture => ({
  ...(environment ?? { environment: "none" }),
  ...Object.fromEntries(
    ["pyproject.toml", "pybun.lockb"].map((name) => {
      const file = path.join(place.cwd, name);
      return [name, fs.existsSync(file) ? sha256Of(fs.readFileSync(file)) : "none"];
    }),
  ),
});

/** What readers use, and all there is. */
function foldersOf(place: Place, watched: Operation["watched"]): readonly [string, string] {
  const pythons = path.join(place.data, "pythons");
  if (watched === "pythons") return [path.join(pythons, installedName(PYTHON)), pythons];
  const environment = path.join(place.cwd, ".pybun/venv");
  return [path.join(environment, "lib"), environment];
}

function writeMirror(place: Place): Record<string, string> {
  const mirror = writePythonMirror(path.join(place.root, "mirror"), [packFakePython({ version: PYTHON })]);
  return { PYBUN_PYTHON_MIRROR: mirror.folder, PYBUN_PYTHON_MIRROR_KEY: mirror.publicKey };
}

const KEPT = ["data", "home", "tmp", "work"];

/**
 * A copy of all that commands change to be put back, with links, times, and which names have one file. The folders stay: they may be
 * mounts.
 */
function save({ root }: Place): { restore(what?: "project"): void } {
  const copy = (names: readonly string[], from: string, to: string): void => {
    fs.mkdirSync(to, { recursive: true });
    const { status, stderr } = spawnSync("cp", ["-a", ...names, to], { cwd: from, encoding: "utf8" });
    if (status !== 0) throw new Error(`cp: ${stderr}`);
  };
  const saved = path.join(root, "saved");
  const folders = KEPT.filter((name) => fs.existsSync(path.join(root, name)));
  copy(folders, root, saved);
  return {
    restore: (what) => {
      const names = what === "project" ? ["work"] : KEPT;
      for (const folder of names.map((name) => path.join(root, name)))
        for (const child of fs.existsSync(folder) ? fs.readdirSync(folder) : []) removeTree(path.join(folder, child));
      copy(
        names.filter((name) => folders.includes(name)),
        saved,
        root,
      );
    },
  };
}
