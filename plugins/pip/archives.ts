import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PybunError } from "../../plugin-api/error.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { Http, Store } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { sha256OfFile } from "../../plugin-api/system/file-digest.ts";
import { checkOtherDigest } from "../../plugin-api/system/stated-digest.ts";
import { callError } from "./as-pip.ts";
import { type ForeignOptions, foreignTarget } from "./foreign-target.ts";
import { type Call, chooseHeld, type Prepared, prepare } from "./prepare.ts";

/** What `download` and `wheel` are called with. */
export interface ArchivesCall {
  readonly path: string;
  readonly operands: readonly string[];
  readonly typed: Call["typed"] & {
    readonly requirement: readonly string[];
    readonly group: readonly string[];
    readonly constraint: readonly string[];
    readonly editable: readonly string[];
    readonly noDeps: boolean;
    readonly noDependencies: boolean;
  } & Partial<ForeignOptions>;
}

/** Everything that is asked for and required, whatever is installed. */
export async function chosenArchives({ path: command, operands, typed }: ArchivesCall, session: Session) {
  if ([operands, typed.requirement, typed.group, typed.editable].every((list) => list.length === 0))
    throw callError(command, "at least one requirement has to be given");
  const prepared: Prepared = await prepare(
    { words: { ...typed, operands }, typed, place: { user: false, dryRun: true } },
    session,
  );
  const noDeps = typed.noDeps || typed.noDependencies;
  const choosing = {
    upgrade: false,
    upgradeStrategy: "only-if-needed",
    forceReinstall: false,
    ignoreInstalled: true,
    noDeps,
  } as const;
  const { options, place } = prepared;
  const { platform = [], abi = [] } = typed;
  const rules = { path: command, options, noDeps };
  const target = foreignTarget({ ...typed, platform, abi }, place.interpreter, rules);
  const { held } = await chooseHeld({ ...prepared, target }, choosing, session);
  return { pins: held, interpreter: place.interpreter };
}

/** Whether it is a folder, of which there is no archive. */
export const isFolder = ({ source }: Pin): boolean =>
  source.kind === "path" && fs.statSync(source.path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Puts the archive of a pin into a folder, where it is not there already. Throws what `Http` throws, and `E_PIP_ARCHIVE`. */
export async function saveArchive(pin: Pin, folder: string, session: Session): Promise<string> {
  const { file, source, name } = pin;
  const target = path.join(folder, file.filename);
  if (source.kind === "git")
    throw new PybunError("E_PIP_ARCHIVE", `\`${name}\` comes from a repository, of which there is no archive`);
  if (fs.existsSync(target) && (file.sha256 === undefined || (await sha256OfFile(target)) === file.sha256))
    return target;
  fs.rmSync(target, { force: true });
  if (file.url.startsWith("file:")) {
    fs.copyFileSync(fileURLToPath(file.url.split("#", 1)[0] as string), target);
    return target;
  }
  const { sha256 } = file;
  await (await session.use(Http)).download(file.url, target, { ...(sha256 && { sha256 }) });
  await checkOtherDigest(target, file).catch((error: unknown) => {
    fs.rmSync(target, { force: true });
    throw error;
  });
  return target;
}

/** As `saveArchive`, as a wheel: sources are built. Throws what the stage `build` throws. */
export async function saveWheel(
  pin: Pin,
  { folder, interpreter }: { readonly folder: string; readonly interpreter: Interpreter },
  session: Session,
): Promise<string> {
  if (pin.file.kind === "wheel") return saveArchive(pin, folder, session);
  const { name, version, source } = pin;
  const { temporaryDir } = await session.use(Store);
  const scratch = fs.mkdtempSync(path.join(temporaryDir, "sources-"));
  try {
    const isTree = isFolder(pin) && source.kind === "path";
    const from = isTree ? source.path : await saveArchive(pin, scratch, session);
    const subdirectory = "subdirectory" in source ? source.subdirectory : undefined;
    const below = subdirectory === undefined ? {} : { subdirectory };
    const built = await session.run("build", { name, version, path: from, ...below, interpreter, want: "wheel" });
    const target = path.join(folder, path.basename(built.path));
    fs.copyFileSync(built.path, target);
    return target;
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}
