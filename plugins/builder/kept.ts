import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { nearState, sourceState } from "../../plugin-api/project/source-state.ts";
import type { BuildInput } from "../../plugin-api/stages.ts";
import type { Choices } from "./config-settings.ts";

/** Raised when a build of the same sources would give something else. */
const FORMAT = 1;

/** Where results of one source with one interpreter are kept: a folder for each thing wanted below it, whole or absent. */
export interface KeptPlace {
  readonly folder: string;
  /** Sources that can't change under the same key; any other tree is built each time. */
  readonly isByContent: boolean;
  /** Known by the state of its files: what is built is kept under it if that is the same afterwards. */
  readonly state?: string;
}
/** Where an editable wheel is kept whatever the project requires, and what that is now. */
export interface NearPlace extends KeptPlace {
  readonly dependencies: readonly string[];
}

/** What decides where results are kept, besides the sources. */
export interface Keeping {
  readonly dataDir: string;
  readonly choices: Choices;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The place for a build's results: by the archive's SHA-256, or by a tree's path and, where that tells all, its state; and by interpreter. */
export async function keptPlace(input: BuildInput, { dataDir, choices, env }: Keeping): Promise<KeptPlace> {
  const { kind, source } = await identityOfSource(input);
  const folderFor = (...names: readonly string[]): string =>
    path.join(dataDir, "build", ...names, howDecided(input, choices));
  // What goes into a wheel of the files themselves may be up to git, and to files above.
  const isTold = kind === "trees" && choices.isIsolated && input.want !== "wheel";
  const state = isTold ? stateOf(input, env) : undefined;
  if (state !== undefined) return { folder: folderFor("known", digest(source + state)), isByContent: true, state };
  return { folder: folderFor(kind, source), isByContent: kind !== "trees" };
}

/** The place for an editable wheel of a tree that may come to require something else; undefined where that can't be told apart. */
export async function nearPlace(input: BuildInput, { dataDir, choices, env }: Keeping): Promise<NearPlace | undefined> {
  if (input.want !== "editable" || !choices.isIsolated) return undefined;
  const { kind, source } = await identityOfSource(input);
  const near = kind === "trees" ? nearState(path.join(input.path, input.subdirectory ?? ""), env) : undefined;
  if (near === undefined) return undefined;
  const { state, dependencies } = near;
  const folder = path.join(dataDir, "build", "near", digest(source + state), howDecided(input, choices));
  return { folder, isByContent: true, state, dependencies };
}

function howDecided(input: BuildInput, choices: Choices): string {
  const facts = [FORMAT, identityOf(input.interpreter), input.subdirectory ?? "", ...decidedBy(input, choices)];
  return digest(JSON.stringify(facts)).slice(0, 16);
}

/** Where what was built from a tree is to be kept: another place when its files changed meanwhile. */
export async function placeAfter(place: KeptPlace, input: BuildInput, keeping: Keeping): Promise<KeptPlace> {
  if (place.state === undefined || place.state === stateOf(input, keeping.env)) return place;
  const { source } = await identityOfSource(input);
  const { dataDir } = keeping;
  return { folder: path.join(dataDir, "build", "trees", source, path.basename(place.folder)), isByContent: false };
}

const stateOf = ({ path: source, subdirectory = "" }: BuildInput, env: Keeping["env"]): string | undefined =>
  sourceState(path.join(source, subdirectory), env);

/** Nothing where nobody has decided anything, which leaves the places what they were. */
function decidedBy({ interpreter }: BuildInput, choices: Choices): readonly unknown[] {
  const { isIsolated, configSettings } = choices;
  const told = Object.entries(configSettings).sort(([a], [b]) => (a < b ? -1 : 1));
  return [...(told.length === 0 ? [] : [told]), ...(isIsolated ? [] : [interpreter.prefix])];
}

/** An archive is what is in it, a tree what somebody knows to be in it, else the place where it lies. */
async function identityOfSource({ path: source, content }: BuildInput) {
  if (fs.statSync(source).isFile()) return { kind: "sdists", source: await sha256Of(source) } as const;
  if (content !== undefined) return { kind: "known", source: digest(content) } as const;
  return { kind: "trees", source: digest(fs.realpathSync(source)) } as const;
}

/** The kept wheel, or the kept `.dist-info` folder. */
export function keptResult(place: KeptPlace, want: BuildInput["want"]): string | undefined {
  const folder = path.join(place.folder, want);
  if (!fs.existsSync(folder)) return undefined;
  const ending = want === "metadata" ? ".dist-info" : ".whl";
  const name = fs.readdirSync(folder).find((entry) => entry.endsWith(ending));
  return name === undefined ? undefined : path.join(folder, name);
}

/** Puts a finished folder into its place. Another process may have been faster: then its result is as good. */
export function keep(finished: string, place: KeptPlace, want: BuildInput["want"]): string {
  const target = path.join(place.folder, want);
  fs.mkdirSync(place.folder, { recursive: true });
  if (!place.isByContent) fs.rmSync(target, { recursive: true, force: true });
  try {
    fs.renameSync(finished, target);
  } catch (error) {
    if (keptResult(place, want) === undefined) throw error;
  }
  return keptResult(place, want) as string;
}

/** The same Python, wherever it is asked from: an environment of its own is made for every build. */
const identityOf = ({ basePath, version, identity, isVirtual }: Interpreter): string =>
  isVirtual ? `${basePath} ${version}` : identity;

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of fs.createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return hash.digest("hex");
}
