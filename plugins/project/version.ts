import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { warning } from "../../plugin-api/diagnostic.ts";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import { Locks } from "../../plugin-api/lock/current.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import { ProjectChanges } from "../../plugin-api/project/change.ts";
import { openEditableProject } from "../../plugin-api/project/editable-project.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import { compareVersions, parseVersion } from "../../plugin-api/python/version.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { metadataOfSource } from "../../plugin-api/source-build.ts";
import type { ChangedFile } from "../../plugin-api/system/project-change.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { setTomlKey } from "../../plugin-api/toml-edit.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { type Bump, bumped, PARTS } from "./bump.ts";
import type { version as spec } from "./commands.ts";
import { chosenMember } from "./member.ts";

type Options = Parameters<RunOf<typeof spec>>[0];

/** SPEC PRJ-70. */
const version: RunOf<typeof spec> = async (options, [value], session) => {
  const bumps = options.bump.map(readBump);
  if (value !== undefined && bumps.length > 0) throw usageError("version", "a version and `--bump` exclude each other");
  const { root, member } = await chosenMember(options.package, session);
  if (value === undefined && bumps.length === 0) return shown(member, options, session);
  refuseDynamic(member);
  const previous = member.version;
  const next = value === undefined ? raisedVersion(member, bumps, options) : readVersion(value);
  const about = { project: member.displayName ?? "", version: next, previous: previous ?? null, dynamic: false };
  if (next === previous)
    return {
      exitCode: 0,
      data: { ...about, up_to_date: true, dry_run: options.dryRun, files: [] },
      text: (ui) => (options.short ? next : `${ui.ok("Up to date")}: ${about.project} ${next}`),
    };
  const files = await filesWith({ member, next, isLockKept: options.frozen }, session);
  const changes = await session.use(ProjectChanges);
  const scope = { extra: [], group: [], package: [] };
  await changes.apply({ root, files, reach: "files", isDryRun: options.dryRun, ...scope });
  const { home } = await session.use(Host);
  const names = files.map(({ file }) => showPath(file, { cwd: session.cwd, home }));
  return {
    exitCode: 0,
    data: { ...about, up_to_date: false, dry_run: options.dryRun, files: names },
    text: (ui) => {
      if (options.short) return next;
      const verb = ui.ok(options.dryRun ? "Would change" : "Changed");
      const from = previous === undefined ? "" : `${previous} ${ui.arrow} `;
      return `${verb} ${ui.name(about.project)} ${from}${next} ${ui.dim(`in ${names.join(" and ")}`)}`;
    },
  };
};
export default version;

function readBump(word: string): Bump {
  const [, name, number] = /^([a-z]+)(?:=(\d+))?$/.exec(word) ?? [];
  const part = PARTS.find((each) => each === name);
  if (part === undefined || (part === "stable" && number !== undefined)) {
    const near = nearest(name ?? word, PARTS);
    const known = `it takes ${PARTS.join(", ")}, with a number as in \`patch=7\``;
    const there = near === undefined || near === name ? known : `did you mean \`${near}\`?`;
    throw usageError("version", `\`--bump\` can't raise \`${word}\`; ${there}`);
  }
  return { part, ...(number !== undefined && { value: Number(number) }) };
}

function readVersion(text: string): string {
  try {
    return parseVersion(text).normalized;
  } catch (error) {
    if (error instanceof InvalidSyntax) throw usageError("version", error.message);
    throw error;
  }
}

function raisedVersion(
  { version: now, displayName }: Pyproject,
  bumps: readonly Bump[],
  { package: member }: Options,
): string {
  const command = member === undefined ? "pybun version" : `pybun version --package ${member}`;
  if (now === undefined)
    throw usageError("version", `${displayName} has no version to raise; write one: \`${command} 0.1.0\``);
  const before = parseVersion(now);
  const after = parseVersion(bumped(before, bumps));
  if (compareVersions(after, before) > 0) return after.normalized;
  const words = bumps.map(({ part, value }) => `--bump ${part}${value === undefined ? "" : `=${value}`}`).join(" ");
  const raised = parseVersion(bumped(before, [{ part: "patch" }, ...bumps]));
  const isMended = compareVersions(raised, before) > 0;
  throw new PybunError("E_VERSION_LOWER", `${after.normalized} is not higher than ${now}`, {
    evidence: ["nothing was changed"],
    hints: [
      ...(isMended ? [`raise the release too: \`${command} --bump patch ${words}\` (gives ${raised.normalized})`] : []),
      `or take it as it is: \`${command} ${after.normalized}\``,
    ],
    context: { version: now, result: after.normalized },
  });
}

function refuseDynamic({ dynamic, displayName, buildSystem }: Pyproject): void {
  if (!dynamic.has("version")) return;
  const teller = buildSystem === undefined ? "its build backend" : `\`${buildSystem.backend}\``;
  throw new PybunError("E_VERSION_DYNAMIC", `the version of ${displayName} is dynamic: ${teller} tells it`, {
    evidence: ["nothing was changed"],
    hints: ["show it: `pybun version`"],
  });
}

/** What pyproject.toml says; a version that only the build backend knows is asked there. */
async function shown(member: Pyproject, options: Options, session: Session) {
  const isDynamic = member.dynamic.has("version");
  if (member.version === undefined && !isDynamic)
    throw new PybunError("E_PROJECT_INVALID", `${member.displayName} has no version`, {
      file: member.file,
      hints: ["give it one: `pybun version 0.1.0`"],
    });
  const project = member.displayName ?? "";
  const order = { name: member.name as PackageName, version: "", path: member.folder };
  const now = member.version ?? (await metadataOfSource(order, session)).version;
  const { backend = "" } = member.buildSystem ?? {};
  return {
    exitCode: 0,
    data: {
      project,
      version: now,
      previous: null,
      dynamic: isDynamic,
      up_to_date: true,
      dry_run: options.dryRun,
      files: [],
    },
    text: (ui: Parameters<NonNullable<Awaited<ReturnType<RunOf<typeof spec>>>["text"]>>[0]) => {
      if (options.short) return now;
      return `${ui.name(project)} ${now}${isDynamic ? ui.dim(` (dynamic, from ${backend})`) : ""}`;
    },
  };
}

interface Setting {
  readonly member: Pyproject;
  readonly next: string;
  readonly isLockKept: boolean;
}

/** pyproject.toml with the version, and the lock where it names it. */
async function filesWith({ member, next, isLockKept }: Setting, session: Session): Promise<readonly ChangedFile[]> {
  const editable = openEditableProject(member.folder);
  if (editable === undefined)
    throw new PybunError("E_PROJECT_NOT_FOUND", `${path.basename(member.file)} is not there any more`);
  const files = await editable.with(setTomlKey(editable.text, ["project", "version"], next));
  if (isLockKept) return files;
  const locked = await (await session.use(Locks)).withOwnVersion(member.name as PackageName, next);
  for (const { name, specifier } of locked?.against ?? []) {
    const words = `${name} requires \`${member.name}${specifier}\`, which excludes ${next}`;
    session.emit({
      type: "Diagnostic",
      diagnostic: warning("W_VERSION_EXCLUDED", words, { hints: ["lock again: `pybun lock`"] }),
    });
  }
  return [...files, ...(locked?.changed ? [locked.changed] : [])];
}
