import fs from "node:fs";
import path from "node:path";
import { workingDirectory } from "../launch/native.ts";
import { type Note, type NotedCommand, noteCall, noteFile, noteLine } from "../launch/note.ts";
import { Host, SettingsTable } from "../services.ts";
import type { Session } from "../session.ts";
import { writeAtomically } from "./atomic-file.ts";
import { systemConfigDir, userConfigDir } from "./directories.ts";

/** Files whose coming, going or changing can make another project, settings or environment of what a folder holds. */
const MARKS = [
  "pyproject.toml",
  "pyproject.dx",
  "pybun.lockb",
  ".pybun/config.toml",
  "uv.toml",
  ".python-version",
  ".pybun/venv/pyvenv.cfg",
  ".venv/pyvenv.cfg",
];

/** What a command found, and what it looked at beside settings. */
export interface Finding {
  readonly command: NotedCommand;
  /** What it says behind `Up to date: `. */
  readonly line: string;
  /** Files and folders whose change may change what it finds. */
  readonly files: Iterable<string>;
}

/** Notes that a command has nothing to do, so that the same call can say so again at once. Never fails the call. */
export async function leaveNote({ command, line, files: own }: Finding, session: Session): Promise<void> {
  const [host, { entries }] = await Promise.all([session.use(Host), session.use(SettingsTable)]);
  const { format, verbosity, isQuiet, isTraced } = host.output;
  const cwd = workingDirectory();
  // Only this form of the answer is kept.
  if (format !== "text" || verbosity > 0 || isQuiet || isTraced || cwd === undefined) return;
  if (process.argv[2] !== command) return;
  const call = noteCall(command, process.argv.slice(3), { cwd, env: host.env });
  const file = noteFile(call, host.env);
  if (file === undefined) return;
  const files = new Set([
    process.execPath,
    ...own,
    ...entries.flatMap(({ origin }) => (origin.kind === "file" ? [origin.name] : [])),
    ...marksAbove(session.cwd),
    ...marksAbove(cwd),
    path.join(userConfigDir(host.env, host.home, host.platform), "config.toml"),
    ...["config.toml", "policy.toml"].map((name) => path.join(systemConfigDir(host.env, host.platform), name)),
  ]);
  const note: Note = { call, line, files: [...files].map(noteLine) };
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    writeAtomically(file, JSON.stringify(note));
  } catch {
    // A read-only or full cache costs the next call some milliseconds, nothing else.
  }
}

function marksAbove(cwd: string): readonly string[] {
  const files: string[] = [];
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    for (const mark of MARKS) files.push(path.join(folder, mark));
    if (path.dirname(folder) === folder) return files;
  }
}
