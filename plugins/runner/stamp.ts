import fs from "node:fs";
import path from "node:path";
import { DAEMON } from "../../plugin-api/launch/daemon/words.ts";
import {
  blockOf,
  callText,
  type Named,
  type Question,
  type Stamp,
  scriptPath,
  stampFile,
} from "../../plugin-api/launch/run-stamp.ts";
import { type StampedFolder, stateLine } from "../../plugin-api/launch/state.ts";
import type { Host, SettingsTable } from "../../plugin-api/services.ts";
import type { Bootstrap, ChosenEnvironment, Invocation } from "../../plugin-api/stages.ts";
import { systemConfigDir, userConfigDir } from "../../plugin-api/system/directories.ts";
import { keepFile } from "../../plugin-api/system/keep-file.ts";
import { MARKS } from "../../plugin-api/system/marks.ts";
import { settledLine } from "../../plugin-api/system/settled-state.ts";
import { storesBehind } from "../../plugin-api/system/store-links.ts";
import type { Command } from "./find-command.ts";

/** A run as it is about to begin. */
interface Run {
  readonly invocation: Invocation;
  /** What the target's name led to, where it is one. */
  readonly command: Command | undefined;
  /** Folder that is put first on PYTHONPATH. */
  readonly bootstraps: string | undefined;
}

/** Notes what this run was decided by, so that the next one can start at once. Never fails the run. */
export function writeStamp(run: Run, host: Host, settings: SettingsTable): void {
  const stamp = stampFor(run, host, settings);
  const file = stamp && stampFile(stamp.call, host.env);
  if (!file) return;
  keepFile(file, JSON.stringify(stamp));
}

const isForkable = (bootstrap: Bootstrap): boolean => bootstrap.isForkable === true;

/** Keys of options whose values are part of the question, or make no difference to what is ready. */
const TOLD_BY_CALL: ReadonlySet<string> = new Set(["python", "quiet", "x.reuse"]);

/** Undefined where an option had a say: the fast path serves calls without any. */
function stampFor({ invocation, command, bootstraps }: Run, host: Host, settings: SettingsTable): Stamp | undefined {
  const { environment, addedOptions, importable, startForkServer } = invocation;
  const asked = settings.entries.filter(({ origin }) => origin.kind === "argv");
  const hasOptions = asked.some(({ key }) => !TOLD_BY_CALL.has(key)) || Object.keys(invocation.env).length > 0;
  if (invocation.stopwatch || hasOptions || invocation.demands?.length || invocation.isIsolated) return undefined;
  if (!environment || environment.isUnsettled || invocation.project) return undefined;
  const subject = subjectOf(invocation, command);
  // What a folder on this machine holds shows only to who looks into it.
  if (subject === undefined || subject.block.includes("file:")) return undefined;
  const { block, named, question } = subject;
  const files = new Set([...premisesOf(environment, settings), ...subject.files]);
  if (bootstraps !== undefined) files.add(bootstraps);
  const folders = foldersAbove(invocation.cwd, files);
  files.add(path.join(userConfigDir(host.env, host.home, host.platform), "config.toml"));
  for (const name of ["config.toml", "policy.toml"])
    files.add(path.join(systemConfigDir(host.env, host.platform), name));
  const python = asked.find(({ key }) => key === "python")?.value as string | undefined;
  return {
    call: callText({ ...(python !== undefined && { python }), ...question }, invocation.cwd, host.env),
    python: environment.python,
    environment: environment.path,
    block,
    ...(named !== undefined && { named }),
    ...(addedOptions !== undefined && { options: addedOptions }),
    ...(bootstraps !== undefined && { bootstraps }),
    ...(startForkServer && invocation.bootstraps?.every(isForkable) !== false && { hasForkServer: true }),
    ...(settings.get(DAEMON)?.value === true && { hasDaemon: true }),
    ...(importable !== undefined && { importable }),
    files: [...files].map(stateLine),
    folders: environment.sitePackages === undefined ? folders : [...folders, ...storesBehind(environment.sitePackages)],
  };
}

/** The files that led to this environment, and those that show a change of it. */
const premisesOf = (environment: ChosenEnvironment, { entries }: SettingsTable): readonly string[] => [
  environment.python,
  path.join(environment.path, "pyvenv.cfg"),
  ...(environment.sitePackages === undefined ? [] : [environment.sitePackages]),
  ...(environment.decidedBy ?? []),
  ...entries.flatMap(({ origin }) => (origin.kind === "file" ? [origin.name] : [])),
];

/** What runs, as far as it is known before the environment is. */
interface Subject {
  readonly question: Question;
  readonly block: string;
  readonly named?: Named;
  readonly files: readonly string[];
}

function subjectOf(invocation: Invocation, command: Command | undefined): Subject | undefined {
  const { kind, target, cwd, isLiteral, askedBy, environment } = invocation;
  if (askedBy !== undefined) return subjectAsked(askedBy, invocation, command);
  if (environment?.source === "tool") return undefined;
  if (kind === "command") return command && !isLiteral ? subjectNamed(target, cwd, command) : undefined;
  const script = scriptPath(target, cwd);
  if (kind === "script" && !script.endsWith(".py")) return undefined;
  const block = kind === "script" ? blockOf(fs.readFileSync(script, "utf8")) : "";
  return { question: block === "" ? {} : { script }, block, files: [] };
}

/** A tool, which other words name than what it runs; `--python` is among them. */
function subjectAsked(
  words: readonly string[],
  { kind, target }: Invocation,
  command: Command | undefined,
): Subject | undefined {
  const question = { words, python: "" };
  if (command) return { question, block: "", named: namedBy(command), files: [command.file] };
  return kind === "module" ? { question, block: "", named: { kind, target }, files: [] } : undefined;
}

const namedBy = ({ file, interpreter }: Command): Named => ({
  kind: "command",
  target: file,
  ...(interpreter !== undefined && { interpreter }),
});

/** Undefined for a path, and where something of that name may come to be run by a mere change of its mode. */
function subjectNamed(name: string, cwd: string, command: Command): Subject | undefined {
  const { file, passedOver } = command;
  if (/[\\/]/.test(name) || passedOver.some((other) => fs.existsSync(other))) return undefined;
  return {
    question: { words: ["run", name] },
    block: "",
    named: namedBy(command),
    // In the folder it would be run as a script.
    files: [file, ...passedOver, path.join(cwd, name)],
  };
}

/** The folders from `cwd` upwards; what is in them already is put into `files`, since its content may change. */
function foldersAbove(cwd: string, files: Set<string>): readonly StampedFolder[] {
  const folders: StampedFolder[] = [];
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    const marks: string[] = [];
    for (const mark of MARKS) {
      const file = path.join(folder, mark);
      const [top = ""] = mark.split("/");
      if (fs.existsSync(path.join(folder, top))) files.add(file);
      else marks.push(stateLine(file));
    }
    folders.push({ line: settledLine(folder), marks });
    if (path.dirname(folder) === folder) return folders;
  }
}
