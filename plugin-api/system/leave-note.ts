import fs from "node:fs";
import path from "node:path";
import { DAEMON } from "../launch/daemon/words.ts";
import { sha256OfFile, workingDirectory } from "../launch/native.ts";
import { type Note, type NotedCommand, noteCall, noteFile } from "../launch/note.ts";
import {
  FOUND_BY,
  OWN_ENVIRONMENT,
  type Renewal,
  type RenewingCommand,
  renewalCall,
  renewalFile,
  type Sources,
} from "../launch/renewal.ts";
import type { Said } from "../launch/say.ts";
import { stateLine } from "../launch/state.ts";
import type { Interpreter } from "../model/interpreter.ts";
import type { TextStyle } from "../report.ts";
import { Host, SettingsTable } from "../services.ts";
import type { Session } from "../session.ts";
import { COLORED_TEXT, isUtf8Locale, PLAIN_TEXT, terminalText } from "../text/style.ts";
import { systemConfigDir, userConfigDir } from "./directories.ts";
import { isShown } from "./dot-venv.ts";
import { keepFile } from "./keep-file.ts";
import { MARKS, marksAbove } from "./marks.ts";
import { storesBehind } from "./store-links.ts";

/** What a command found, and what it looked at beside settings. */
export interface Finding {
  readonly command: NotedCommand;
  /** What it says, `{took}` standing for the time. */
  readonly text: (ui: TextStyle) => string;
  /** Files and folders whose change may change what it finds. */
  readonly files: Iterable<string>;
  /** Site-packages of the environment that it looked into. */
  readonly sitePackages?: string;
  /** It says it with symbols that only some terminals have. */
  readonly isDrawn?: true;
}

/**
 * Notes that a command has nothing to do, or all that it had to say, so that the same call can say so again at once. Nothing else
 * may have been said. Never fails the call.
 */
export async function leaveNote(finding: Finding, session: Session): Promise<void> {
  const { command, text, files: own, sitePackages, isDrawn } = finding;
  const noting = text(PLAIN_TEXT) === "" ? undefined : await beginNoting(command, own, session);
  if (noting === undefined || (isDrawn && hasOtherColors(noting.env))) return;
  const { cwd, argv, env, files, saidIn } = noting;
  const call = noteCall(command, argv, { cwd, env });
  const colored = isDrawn ? terminalText(isUtf8Locale(env, noting.platform)) : COLORED_TEXT;
  const folders = sitePackages === undefined ? [] : storesBehind(sitePackages);
  const note: Note = { call, said: saidIn(text, colored), files: [...files].map(stateLine), folders };
  write(noteFile(call, env), note);
}

/** What was made, and how to make it again. */
export interface Made extends Finding, Pick<Renewal, "image"> {
  readonly command: RenewingCommand;
  /** Absolute path of the environment. */
  readonly root: string;
  readonly sources?: Sources;
  /** It equals the lock as a whole. */
  readonly isWhole?: boolean;
  /** What the next call says that finds it there. */
  readonly upToDate?: Finding["text"];
}

/** Notes how an environment came to be, so that the same can be made at once. Never fails the call. */
export async function leaveRenewal(
  { command, files: own, sources = [], root, image, isWhole, ...texts }: Made,
  session: Session,
): Promise<void> {
  const noting = await beginNoting(command, own, session);
  if (noting === undefined || !fs.existsSync(image)) return;
  const { cwd, argv, env, files, dataDir, isServable, saidIn } = noting;
  const relative = path.relative(cwd, root);
  if (relative === "" || relative.startsWith("..") || path.isAbsolute(relative)) return;
  const premises = premisesOf(files, { cwd, root, foundBy: FOUND_BY[command] });
  const call = renewalCall(command, argv, env);
  const digests = FOUND_BY[command].map((name) => sha256OfFile(path.join(cwd, name)));
  if (premises === undefined || digests.includes("")) return;
  const hasDotVenv = relative === OWN_ENVIRONMENT && isShown(cwd);
  const [, lockSha256] = digests;
  const lock = isWhole && lockSha256 !== undefined ? { lockSha256 } : {};
  const said = { said: saidIn(texts.text), ...(texts.upToDate && { upToDate: saidIn(texts.upToDate) }) };
  const renewal: Renewal = {
    call,
    ...premises,
    ...(sources.length > 0 && { sources: { cwd, states: sources } }),
    root: relative,
    ...lock,
    dataDir,
    isServable,
    hasDotVenv,
    image,
    ...said,
  };
  write(renewalFile(call, digests, env), renewal);
}

interface Around {
  readonly cwd: string;
  readonly root: string;
  readonly foundBy: readonly string[];
}

/** Undefined where one of the files says more than a renewal may tell: something above the folder has a say in it. */
function premisesOf(
  files: Iterable<string>,
  { cwd, root, foundBy }: Around,
): Pick<Renewal, "inside" | "above" | "outside"> | undefined {
  const inside: Record<string, string> = {};
  const above = new Set<string>();
  const outside: string[] = [];
  const within = (folder: string, file: string): boolean => file.startsWith(folder + path.sep);
  for (const file of files) {
    if ([root, path.join(cwd, ".venv")].some((folder) => within(folder, file))) continue;
    if (within(cwd, file)) inside[path.relative(cwd, file)] = sha256OfFile(file);
    else {
      const mark = MARKS.find((name) => file.endsWith(path.sep + name));
      const isAbove = mark !== undefined && within(file.slice(0, -mark.length - 1), cwd);
      if (!isAbove) outside.push(stateLine(file));
      else if (fs.existsSync(file)) return undefined;
      else above.add(mark);
    }
  }
  for (const name of foundBy) delete inside[name];
  return { inside, above: [...above], outside };
}

interface Noting {
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly env: Host["env"];
  readonly dataDir: string;
  readonly platform: string;
  readonly files: ReadonlySet<string>;
  readonly isServable: boolean;
  /** What the call says by this text. */
  readonly saidIn: (text: Finding["text"], colored?: TextStyle) => Said;
}

/** What decided for an interpreter where nothing but the search for one did: itself, and where another may come to be. */
export function pythonsPremises(
  { path: file, basePath }: Pick<Interpreter, "path" | "basePath">,
  { env, home, dataDir }: Pick<Host, "env" | "home" | "dataDir">,
): readonly string[] {
  const pyenv = path.join(env["PYENV_ROOT"] ?? path.join(home, ".pyenv"), "versions");
  const onPath = (env["PATH"] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return [file, basePath, path.join(dataDir, "pythons"), pyenv, ...onPath];
}

/** Undefined for a call whose answer has another form than the one that is kept. */
async function beginNoting(
  command: NotedCommand,
  own: Iterable<string>,
  session: Session,
): Promise<Noting | undefined> {
  const [host, settings] = await Promise.all([session.use(Host), session.use(SettingsTable)]);
  const { format, color, verbosity, isQuiet, isAct, isTraced } = host.output;
  const cwd = workingDirectory();
  if (format !== "text" || color !== "auto" || verbosity > 0 || isTraced || cwd === undefined) return undefined;
  if (process.argv[2] !== command) return undefined;
  const files = new Set([
    process.execPath,
    ...own,
    ...settings.entries.flatMap(({ origin }) => (origin.kind === "file" ? [origin.name] : [])),
    ...marksAbove(session.cwd),
    ...marksAbove(cwd),
    // Of the folder, too: what was agreed to stands beside the settings.
    userConfigDir(host.env, host.home, host.platform),
    path.join(userConfigDir(host.env, host.home, host.platform), "config.toml"),
    ...["config.toml", "policy.toml"].map((name) => path.join(systemConfigDir(host.env, host.platform), name)),
  ]);
  const { env, dataDir, platform } = host;
  const isServable = settings.get(DAEMON)?.value === true;
  const saidIn = (text: Finding["text"], colored = COLORED_TEXT): Said =>
    isQuiet && isAct ? NOTHING : { plain: text(PLAIN_TEXT), colored: text(colored) };
  return { cwd, argv: process.argv.slice(3), env, dataDir, platform, files, isServable, saidIn };
}

const NOTHING: Said = { plain: "", colored: "" };

/** A terminal then is not told by its colours. */
const hasOtherColors = ({ NO_COLOR, FORCE_COLOR, TERM }: Host["env"]): boolean =>
  [NO_COLOR, FORCE_COLOR].some((value) => value !== undefined && value !== "") || TERM === "dumb";

/** Says that nothing is to be done, as the full commands do. */
export const upToDate =
  (line: string): Finding["text"] =>
  (ui) =>
    `${ui.ok("Up to date")}: ${line} ${ui.dim("in {took}")}`;

function write(file: string | undefined, content: object): void {
  if (file !== undefined) keepFile(file, JSON.stringify(content));
}
