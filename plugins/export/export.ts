import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { warning } from "../../plugin-api/diagnostic.ts";
import { askedLock } from "../../plugin-api/lock/asked-lock.ts";
import { indexesHere } from "../../plugin-api/lock/place.ts";
import type { Project } from "../../plugin-api/project/read-project.ts";
import { isPylockFilename } from "../../plugin-api/python/pylock.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import { Host } from "../../plugin-api/services.ts";
import { leaveNote } from "../../plugin-api/system/leave-note.ts";
import { contentOfUsersFile, writeUsersFile } from "../../plugin-api/system/users-file.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { counted } from "../../plugin-api/text/units.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type * as commands from "./commands.ts";
import { type Contents, contentsOf, type ExportChoice } from "./contents.ts";
import type { BillSubject } from "./cyclonedx.ts";
import type { OwnProject } from "./places.ts";
import type { RequirementsText } from "./requirements.ts";

type Options = Parameters<RunOf<typeof commands.exportLock>>[0];

const exportLock: RunOf<typeof commands.exportLock> = async (options, _, session) => {
  checkOptions(options);
  const { file, lock, project, current } = await askedLock(
    { ...options, otherwise: "it is exported as it is" },
    session,
  );
  const contents = contentsOf(lock, choiceOf(options));
  const projects = options.emitProject && project ? ownProjects(project) : [];
  const output = options.output === undefined ? undefined : path.resolve(session.cwd, options.output);
  const job = { options, projects, output, lockFile: file, subject: subjectOf(project), cwd: session.cwd };
  const { text: content, unhashed } = await write(contents, job);
  if (unhashed.length > 0) session.emit({ type: "Diagnostic", diagnostic: unhashedWarning(unhashed) });
  const { home } = await session.use(Host);
  const show = (each: string): string => showPath(each, { cwd: session.cwd, home });
  const isChanged = output !== undefined && contentOfUsersFile(output)?.toString() !== content;
  if (output !== undefined && isChanged && !options.dryRun) writeUsersFile(output, content);
  const count = contents.packages.length + projects.length;
  const text = (ui: TextStyle): string => {
    if (output === undefined) return content.trimEnd();
    if (!isChanged) return `${ui.ok("Up to date")}: ${show(output)}`;
    return `${ui.ok(options.dryRun ? "Would write" : "Wrote")} ${ui.name(show(output))}: ${counted(count, "package")}`;
  };
  if (current && !isChanged && unhashed.length === 0)
    await leaveNote(
      { command: "export", text, files: [...current.decidedBy(), ...(output === undefined ? [] : [output])] },
      session,
    );
  return {
    exitCode: 0,
    data: {
      format: options.format,
      lockfile: file,
      output: output === undefined ? null : show(output),
      packages: count,
      up_to_date: !isChanged,
      dry_run: options.dryRun,
      content,
    },
    text,
  };
};
export default exportLock;

function checkOptions({ format, hashes, output, file, script, locked, frozen }: Options): void {
  if (format === "pylock" && !hashes) throw usageError("export", "a standard lock can't be without hashes");
  if (format === "pylock" && output !== undefined && !isPylockFilename(path.basename(output)))
    throw usageError(
      "export",
      `a standard lock has to be called \`pylock.toml\` or \`pylock.NAME.toml\`, not \`${path.basename(output)}\``,
    );
  if (file !== undefined && script !== undefined)
    throw usageError("export", "`--file` and `--script` exclude each other");
  if (locked && frozen) throw usageError("export", "`--locked` and `--frozen` exclude each other");
}

/** Of forms that hold no alternatives the project's own requirements are taken where nobody chooses. */
function choiceOf(options: Options): ExportChoice {
  const { format, extra, allExtras, group, prune } = options;
  const isChosen = extra.length > 0 || allExtras || group.length > 0 || format !== "pylock";
  return {
    pruned: prune,
    ...(isChosen && { extras: allExtras ? ("all" as const) : extra, groups: group }),
  };
}

const ownProjects = ({ members }: Project): readonly OwnProject[] =>
  members.flatMap(({ name, folder, isPackage }) => (isPackage && name !== undefined ? [{ name, folder }] : []));

const subjectOf = (project: Project | undefined): BillSubject | undefined =>
  project?.name === undefined
    ? undefined
    : { name: project.name, ...(project.version !== undefined && { version: project.version }) };

interface Job {
  readonly options: Options;
  readonly projects: readonly OwnProject[];
  readonly output: string | undefined;
  readonly lockFile: string;
  /** What a bill of materials is of. */
  readonly subject: BillSubject | undefined;
  readonly cwd: string;
}

async function write(
  contents: Contents,
  { options, projects, output, lockFile, subject, cwd }: Job,
): Promise<RequirementsText> {
  // A member that others require is in the lock already.
  const locked = new Set(contents.packages.map(({ locked: { name } }) => name));
  const indexes = indexesHere(contents.lock.meta["indexes"], { path: lockFile });
  const own = projects.filter(({ name }) => !locked.has(name));
  if (options.format === "json") {
    const { partJson } = await import("./lock-part.ts");
    return plain(`${JSON.stringify(partJson(contents, lockFile), undefined, 2)}\n`);
  }
  if (options.format === "pylock") {
    const { pylockText } = await import("./pylock.ts");
    const folder = output === undefined ? cwd : path.dirname(output);
    return plain(pylockText(contents, { projects: own, indexes, folder }));
  }
  if (options.format === "cyclonedx") {
    const { cyclonedxText } = await import("./cyclonedx.ts");
    return plain(cyclonedxText(contents, subject));
  }
  const { requirementsText } = await import("./requirements.ts");
  return requirementsText(contents, { hasHashes: options.hashes, projects: own, indexes, cwd });
}

const plain = (text: string): RequirementsText => ({ text, unhashed: [] });

const unhashedWarning = (lines: readonly string[]) =>
  warning("W_EXPORT_UNHASHED", "pip refuses a file with hashes for some of its requirements only", {
    evidence: [`without a hash: ${lines.slice(0, 5).join(", ")}${lines.length > 5 ? ", …" : ""}`],
    hints: ["leave the project out: `pybun export --no-emit-project`", "or all hashes: `pybun export --no-hashes`"],
  });
