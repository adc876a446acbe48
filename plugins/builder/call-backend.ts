import fs from "node:fs";
import path from "node:path";
import { fileSource } from "../../plugin-api/archive/byte-source.ts";
import { openWheel, type Wheel } from "../../plugin-api/archive/wheel.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import type { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { BuildInput } from "../../plugin-api/stages.ts";
import { type BuildSystem, NotBuildable, readBuildSystem } from "./build-system.ts";
import { childEnvironment } from "./child-environment.ts";
import type { Choices } from "./config-settings.ts";
import { buildStatically } from "./editable.ts";
import { makeIsolation } from "./isolation.ts";
import { type HookAnswer, HookFailed, type HookPlace, runHook } from "./run-hook.ts";

export interface BuildPlace {
  readonly tree: string;
  readonly scratch: string;
  readonly log: string;
  readonly subject: string;
  readonly host: Host;
  readonly chain: readonly PackageName[];
  readonly choices: Choices;
}
/** Folders that hold one wheel and one `.dist-info` folder. */
export interface Built {
  readonly wheel?: string;
  readonly metadata?: string;
  readonly editable?: string;
}

/** Runs the backend's hooks in the order of PEP 517 and PEP 660. Throws `NotBuildable`, `HookFailed`, and what `makeIsolation` throws. */
export async function callBackend(input: BuildInput, place: BuildPlace, session: Session): Promise<Built> {
  const { subject, scratch } = place;
  const system = await readBuildSystem(place.tree);
  session.emit({ type: "BuildStart", package: subject, backend: system.backend.split(/[.:]/, 1)[0] as string });
  const task = (name: string): void => session.emit({ type: "BuildTask", package: subject, task: name });
  task("environment");
  let hooks = await isolate(system.requires, { input, place, session });
  task("requirements");
  const first = firstHook(input.want, scratch);
  fs.mkdirSync(first.folder);
  const { more, answer }: Asked = place.choices.isIsolated ? await extraRequires(system, first, hooks) : { more: [] };
  if (more.length > 0) hooks = await isolate([...system.requires, ...more], { input, place, session });
  const answers = answer === undefined ? {} : { [first.hook]: answer };
  const backend: Backend = { system, hooks, answers };
  if (input.want === "metadata") {
    task("metadata");
    const metadata = await prepareMetadata(backend);
    if (metadata !== undefined) return { metadata };
  }
  if (input.want === "editable") {
    task("editable");
    return { editable: path.dirname(await makeEditable(backend, input)) };
  }
  task("wheel");
  const wheel = await buildWheel(backend, input);
  return {
    wheel: path.dirname(wheel),
    ...(input.want === "metadata" ? { metadata: writeMetadata(wheel, scratch) } : {}),
  };
}

interface Isolation {
  readonly input: BuildInput;
  readonly place: BuildPlace;
  readonly session: Session;
}

async function isolate(requires: readonly string[], { input, place, session }: Isolation): Promise<HookPlace> {
  const { tree, scratch, log, subject, host, chain, choices } = place;
  const root = fs.mkdtempSync(path.join(scratch, "environment-"));
  fs.rmdirSync(root);
  const { name, interpreter } = input;
  const order = { name, subject, requires, root, interpreter, chain };
  // Without isolation what the build requires has to be installed where it is asked from.
  const { python } = choices.isIsolated ? await makeIsolation(order, session) : { python: interpreter.path };
  const [home, temporary] = ["home", "tmp"].map((folder) => path.join(scratch, folder)) as [string, string];
  for (const folder of [home, temporary]) fs.mkdirSync(folder, { recursive: true });
  const places = { scripts: path.dirname(python), home, temporary, userHome: host.home };
  const env = childEnvironment(host.env, places);
  return { tree, scratch, python, log, env, configSettings: choices.configSettings, signal: session.signal };
}

/** Hooks that make something, each in a folder of its own. */
const FOLDERS = {
  prepare_metadata_for_build_wheel: "metadata",
  build_editable: "editable",
  build_wheel: "wheel",
} as const;
type Making = keyof typeof FOLDERS;

interface Backend {
  readonly system: BuildSystem;
  readonly hooks: HookPlace;
  /** What was answered already. */
  readonly answers: Partial<Readonly<Record<Making, HookAnswer>>>;
}

const folderOf = (hook: Making, scratch: string): string => path.join(scratch, FOLDERS[hook]);

/** What is called first for what is wanted, when all that it takes is there. */
function firstHook(want: BuildInput["want"], scratch: string) {
  const hook: Making =
    want === "metadata" ? "prepare_metadata_for_build_wheel" : want === "editable" ? "build_editable" : "build_wheel";
  const requires = want === "editable" ? "get_requires_for_build_editable" : "get_requires_for_build_wheel";
  return { hook, requires, folder: folderOf(hook, scratch) } as const;
}

interface Asked {
  readonly more: readonly string[];
  /** To the hook that makes something, where it was called already. */
  readonly answer?: HookAnswer | undefined;
}

/** What a backend requires besides; one that can't say goes on in the same process, which saves the start of another one. */
async function extraRequires(
  system: BuildSystem,
  { hook, requires, folder }: ReturnType<typeof firstHook>,
  hooks: HookPlace,
): Promise<Asked> {
  const asked = await runHook(system, { hook: requires, args: [], otherwise: { hook, args: [folder] } }, hooks);
  if (!asked.isPresent) return { more: [], answer: asked.otherwise };
  const { value } = asked;
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string"))
    throw new HookFailed(`its backend's ${requires} gave no list of requirements`);
  return { more: value.filter((text) => !system.requires.includes(text)) };
}

/** Undefined where the backend has no such hook. */
async function make(
  hook: Making,
  { system, hooks, answers }: Backend,
): Promise<{ readonly value: unknown } | undefined> {
  const folder = folderOf(hook, hooks.scratch);
  fs.mkdirSync(folder, { recursive: true });
  const answer = answers[hook] ?? (await runHook(system, { hook, args: [folder] }, hooks));
  return answer.isPresent ? answer : undefined;
}

async function prepareMetadata(backend: Backend): Promise<string | undefined> {
  const hook = "prepare_metadata_for_build_wheel";
  const made = await make(hook, backend);
  if (made === undefined) return undefined;
  const folder = folderOf(hook, backend.hooks.scratch);
  const name = plainName(made.value, ".dist-info", hook);
  if (fs.existsSync(path.join(folder, name, "METADATA"))) return folder;
  throw new HookFailed(`its backend's ${hook} wrote no METADATA`);
}

async function buildWheel(backend: Backend, input: BuildInput): Promise<string> {
  const { system, hooks } = backend;
  const made = await make("build_wheel", backend);
  if (made === undefined) throw new NotBuildable(`has a backend without the hook build_wheel: ${system.backend}`);
  return checkedWheel(made.value, { hook: "build_wheel", scratch: hooks.scratch, input });
}

async function makeEditable(backend: Backend, input: BuildInput): Promise<string> {
  const { hooks } = backend;
  const [hook, { scratch }] = ["build_editable", hooks] as const;
  const made = await make(hook, backend);
  if (made !== undefined) return checkedWheel(made.value, { hook, scratch, input });
  const prepared = (await prepareMetadata(backend)) ?? writeMetadata(await buildWheel(backend, input), scratch);
  const { value } = (await buildStatically(prepared, hooks, folderOf(hook, scratch))) as { readonly value?: unknown };
  return checkedWheel(value, { hook, scratch, input });
}

interface Made {
  readonly hook: Making;
  readonly scratch: string;
  readonly input: BuildInput;
}

/** The wheel that a hook says it made, which has to be that of the release that was asked for. */
function checkedWheel(value: unknown, { hook, scratch, input }: Made): string {
  const file = path.join(folderOf(hook, scratch), plainName(value, ".whl", hook));
  if (!fs.existsSync(file)) throw new HookFailed(`its backend's ${hook} made no wheel`);
  const { name, version } = readWheel(file, (wheel) => wheel);
  const isName = input.name === "" || name === input.name;
  const isSame = isName && (input.version === "" || sameVersion(version, input.version));
  if (!isSame) throw new NotBuildable(`was built into a wheel of another release: ${name} ${version}`);
  return file;
}

/** Writes METADATA and entry points of a wheel as a `.dist-info` folder below a new folder, and gives that one. */
export function writeMetadata(wheel: string, scratch: string): string {
  const folder = path.join(scratch, "metadata-of-wheel");
  return readWheel(wheel, ({ archive, folders }) => {
    const entry = archive.find(`${folders.info}/METADATA`);
    if (entry === undefined) throw new HookFailed("its backend made a wheel without METADATA");
    fs.mkdirSync(path.join(folder, folders.info), { recursive: true });
    fs.writeFileSync(path.join(folder, folders.info, "METADATA"), archive.read(entry));
    const commands = archive.find(`${folders.info}/entry_points.txt`);
    if (commands !== undefined)
      fs.writeFileSync(path.join(folder, folders.info, "entry_points.txt"), archive.read(commands));
    return folder;
  });
}

function readWheel<T>(file: string, use: (wheel: Wheel) => T): T {
  const fd = fs.openSync(file, "r");
  try {
    return use(openWheel(fileSource(fd), { filename: path.basename(file) }));
  } finally {
    fs.closeSync(fd);
  }
}

function plainName(value: unknown, ending: string, hook: string): string {
  if (typeof value === "string" && value.endsWith(ending) && path.basename(value) === value) return value;
  throw new HookFailed(`its backend's ${hook} gave no name ending in ${ending}`);
}

/** Sources that can't ask their version control system tell a local version or none: only the public part counts. */
const sameVersion = (built: string, asked: string): boolean =>
  versionKey(built) === versionKey(asked) || versionKey(built.replace(/\+.*/, "")) === versionKey(asked);
