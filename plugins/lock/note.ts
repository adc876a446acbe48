import fs from "node:fs";
import path from "node:path";
import { type LockNote, lockCall, lockNoteFile, noteLine } from "../../plugin-api/launch/lock-note.ts";
import { workingDirectory } from "../../plugin-api/launch/native.ts";
import { Host, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { systemConfigDir, userConfigDir } from "../../plugin-api/system/directories.ts";
import type { LockInputs } from "./inputs.ts";
import { localFiles } from "./local-state.ts";
import type { Subject } from "./subject.ts";

/** Files whose coming, going or changing can make another project or other settings of what a folder holds. */
const MARKS = ["pyproject.toml", "pyproject.dx", "pybun.lockb", ".pybun/config.toml", "uv.toml"];

/** Notes that the lock is up to date, so that the same call can say so again at once. Never fails the call. */
export async function writeNote(subject: Subject, line: string, session: Session): Promise<void> {
  const host = await session.use(Host);
  const { format, verbosity, isQuiet, isTraced } = host.output;
  const cwd = workingDirectory();
  // Only this form of the answer is kept, and what was told beside it would be missing.
  if (format !== "text" || verbosity > 0 || isQuiet || isTraced || subject.notices.length > 0 || cwd === undefined)
    return;
  const { entries } = await session.use(SettingsTable);
  const call = lockCall(process.argv.slice(3), cwd, host.env);
  const file = process.argv[2] === "lock" ? lockNoteFile(call, host.env) : undefined;
  if (file === undefined) return;
  const origins = entries.flatMap(({ origin }) => (origin.kind === "file" ? [origin.name] : []));
  const files = new Set([
    process.execPath,
    subject.file,
    ...subject.watched,
    ...localIn(subject.inputs),
    ...origins,
    ...marksAbove(session.cwd),
    ...marksAbove(cwd),
    path.join(userConfigDir(host.env, host.home, host.platform), "config.toml"),
    ...["config.toml", "policy.toml"].map((name) => path.join(systemConfigDir(host.env, host.platform), name)),
  ]);
  const note: LockNote = { call, line, files: [...files].map(noteLine) };
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    writeAtomically(file, JSON.stringify(note));
  } catch {
    // A read-only or full cache costs the next call some milliseconds, nothing else.
  }
}

const localIn = ({ roots, overrides, dynamic }: LockInputs): readonly string[] => [
  ...[...roots.map(({ demand }) => demand), ...overrides].flatMap(({ requirement: { url } }) =>
    url?.startsWith("file:") ? localFiles(url) : [],
  ),
  ...dynamic.flatMap(({ folder }) => ["setup.py", "setup.cfg"].map((name) => path.join(folder, name))),
];

function marksAbove(cwd: string): readonly string[] {
  const files: string[] = [];
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    for (const mark of MARKS) files.push(path.join(folder, mark));
    if (path.dirname(folder) === folder) return files;
  }
}
