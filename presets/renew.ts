import fs from "node:fs";
import path from "node:path";
import { decodeImage, type EnvironmentImage } from "../plugin-api/environment-image.ts";
import { type Caller, type Note, noteCall, noteFile } from "../plugin-api/launch/note.ts";
import { FOUND_BY, OWN_ENVIRONMENT, type Renewal, type RenewingCommand } from "../plugin-api/launch/renewal.ts";
import type { Said } from "../plugin-api/launch/say.ts";
import { pathIn, stateLine } from "../plugin-api/launch/state.ts";
import { DECIDING, stateOfPlain } from "../plugin-api/project/source-state.ts";
import { afterwards } from "../plugin-api/system/afterwards.ts";
import { isShown } from "../plugin-api/system/dot-venv.ts";
import { STAMP_FILE } from "../plugin-api/system/environment-stamp.ts";
import { keepFile } from "../plugin-api/system/keep-file.ts";
import { noteEnvironment } from "../plugin-api/system/known-environments.ts";
import { marksAbove } from "../plugin-api/system/marks.ts";
import { storesOf } from "../plugin-api/system/store-links.ts";
import { UnfitImage } from "../plugins/linker/image-parts.ts";
import { makeAgain } from "../plugins/linker/make-again.ts";
import { holdEntries } from "../plugins/store/reuse.ts";
import { alone } from "../plugins/venv/guard.ts";
import { furnish } from "../plugins/venv/settle-link.ts";
import { writeSkeleton } from "../plugins/venv/skeleton.ts";
import { product } from "./product.ts";

interface Call extends Caller {
  readonly command: RenewingCommand;
  readonly argv: readonly string[];
}

/** Makes an environment of its image; false where that can't be done just like that, which the full command then tells of. */
export async function renew(renewal: Renewal, call: Call): Promise<boolean> {
  try {
    return await make(renewal, call);
  } catch (error) {
    // What the system refuses, too: a full disk, a folder that is read-only, somebody who holds the lock.
    if (error instanceof UnfitImage || (error as NodeJS.ErrnoException).code !== undefined) return false;
    throw error;
  }
}

async function make(renewal: Renewal, call: Call): Promise<boolean> {
  const { dataDir, image: file, hasDotVenv, lockSha256 } = renewal;
  const root = path.join(call.cwd, renewal.root);
  const isOwn = renewal.root === OWN_ENVIRONMENT;
  const image = readImage(file);
  // Whoever waits for another command says so, and another thing that has the name of what shows it is somebody's business.
  if (!image || [root, `${root}.lock`].some(isThere) || (isOwn && !isFree(call.cwd))) return false;
  if (!areAsTheyWere(renewal, call)) return false;
  const held = holdEntries(image.entries, dataDir);
  const { platform } = process;
  const maker = { version: product.version, platform };
  const guard = { dataDir, signal: new AbortController().signal, emit: () => {} };
  try {
    noteEnvironment(dataDir, root);
    fs.mkdirSync(path.dirname(root), { recursive: true });
    const isMade = await alone(root, guard, async () => {
      if (isThere(root)) return false;
      await makeAgain(image, root, {
        writeSkeleton: async (destination, directory) => writeSkeleton(destination, directory, maker),
        areFit: held.areFit,
        stamp: { generation: 1, image: path.basename(file), ...(lockSha256 && { lockSha256 }) },
      });
      return true;
    });
    if (!isMade) return false;
    if (isOwn) furnish(call.cwd, { platform, dotVenv: hasDotVenv });
    if (renewal.upToDate !== undefined) leaveNote(renewal.upToDate, { renewal, image, call });
    return true;
  } finally {
    held.release();
  }
}

/** What was built of projects that lie elsewhere would be the same. Their pyproject.toml is looked at as every other file is. */
const areAsTheyWere = ({ sources }: Renewal, { env }: Call): boolean =>
  sources === undefined || sources.states.every(([folder, state]) => stateOfPlain(folder, env) === state);

function readImage(file: string): EnvironmentImage | undefined {
  try {
    return decodeImage(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

interface Noted {
  readonly renewal: Renewal;
  readonly image: EnvironmentImage;
  readonly call: Call;
}

/** So that the next call finds at once that nothing is to be done. */
function leaveNote(said: Said, { renewal, image, call: caller }: Noted): void {
  const { command, argv, cwd, env } = caller;
  const root = path.join(cwd, renewal.root);
  const call = noteCall(command, argv, { cwd, env });
  const file = noteFile(call, env);
  if (file === undefined) return;
  const files = new Set([
    ...renewal.outside.map(pathIn),
    ...[...FOUND_BY[command], ...Object.keys(renewal.inside)].map((name) => path.join(cwd, name)),
    ...marksAbove(cwd),
    ...(renewal.sources?.states ?? []).flatMap(([folder]) => DECIDING.map((name) => path.join(folder, name))),
    ...["pyvenv.cfg", STAMP_FILE, image.site].map((name) => path.join(root, name)),
    path.join(root, image.interpreter.scheme.scripts, "python"),
  ]);
  const note: Note = { call, said, files: [...files].map(stateLine) };
  const linked = image.trees === "" ? [] : image.entries.map((entry) => `${entry.path}/tree`);
  afterwards(() => keepFile(file, JSON.stringify({ ...note, folders: storesOf(linked) })));
}

/** Nothing is there, or what showed an environment that went. */
const isFree = (cwd: string): boolean => isShown(cwd) || !isThere(path.join(cwd, ".venv"));

const isThere = (file: string): boolean => fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
