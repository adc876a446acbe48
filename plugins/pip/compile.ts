import fs from "node:fs";
import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { type Interpreter, targetOf } from "../../plugin-api/model/interpreter.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { NO_OPTIONS } from "../../plugin-api/python/requirements-file-options.ts";
import { amendSources } from "../../plugin-api/requirements/amend-sources.ts";
import { type Asked, demandsOf } from "../../plugin-api/requirements/asked.ts";
import { allowedHashes } from "../../plugin-api/requirements/hashes.ts";
import { requirementsPolicy } from "../../plugin-api/requirements/policy.ts";
import { Host, Interpreters } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { contentOfUsersFile, writeUsersFile } from "../../plugin-api/system/users-file.ts";
import { amendBuilds } from "./amend-builds.ts";
import { asPip, callError } from "./as-pip.ts";
import { compiledText } from "./compiled-text.ts";
import { checkConstraints } from "./constraints.ts";
import { firstPages } from "./first-pages.ts";
import type { compile as spec } from "./lock-commands.ts";
import { selectedEnvironment } from "./place.ts";
import { isProjectFile, projectEntries } from "./project-entries.ts";
import { releaseHashes } from "./release-hashes.ts";
import { readWanted, typedOptions } from "./wanted.ts";

/** SPEC PIP-01: what pip-tools' `pip-compile` does. */
const compile: RunOf<typeof spec> = async (typed, operands, session) => {
  const sources = operands.length === 0 && typed.group.length > 0 ? [] : sourcesOf(operands, session.cwd);
  const target = typed.outputFile ?? typed.output;
  const file = target === undefined || target === "-" ? undefined : path.resolve(session.cwd, target);
  const { group, constraint } = typed;
  const words = { operands: [], group, constraint, requirement: sources.filter((one) => !isProjectFile(one)) };
  const wanted = await readWanted(words, typedOptions(typed, session.cwd), session);
  await amendSources(wanted.options, session);
  await amendBuilds(typed, wanted.entries, session);
  const finding = interpreterFor(session);
  // What a project's file says of its sources is read later.
  const pages = sources.some(isProjectFile) ? undefined : firstPages(wanted.entries, finding, session);
  const interpreter = await finding;
  const projects = await Promise.all(
    sources.filter(isProjectFile).map((one) => projectEntries(one, { typed, interpreter }, session)),
  );
  const asked = [...projects.flat(), ...(await demandsOf(wanted.entries, interpreter, session))];
  checkConstraints(asked);
  const of = (isConstraint: boolean) => asked.filter(({ entry }) => entry.isConstraint === isConstraint);
  const [demands, constraints] = [of(false), of(true)].map((list) => list.map(({ demand }) => demand)) as [
    Asked["demand"][],
    Asked["demand"][],
  ];
  const isEmpty = demands.length === 0;
  const resolution = isEmpty
    ? { pins: [] }
    : await session.run("resolve", {
        demands,
        constraints,
        target: targetOf(interpreter),
        interpreter,
        preferences: typed.upgrade ? new Map() : await kept(file, typed.upgradePackage, session),
        hashes: new Map([...allowedHashes(asked)].map(([name, { sha256 }]) => [name, sha256])),
        policy: requirementsPolicy(wanted.options, [...demands, ...constraints], typed.noDeps),
      });
  await pages;
  const left = new Set([...typed.unsafePackage, ...typed.noEmitPackage].map((name) => normalizeName(name)));
  const pins = resolution.pins.filter(({ name }) => !left.has(name));
  const hashes = typed.generateHashes ? await releaseHashes(pins, session) : undefined;
  const command = commandOf((await session.use(Host)).argv);
  const text = compiledText({
    pins,
    asked,
    hashes,
    options: wanted.options,
    form: typed,
    interpreter,
    command,
    cwd: session.cwd,
  });
  const changed = file === undefined || contentOfUsersFile(file)?.toString() !== text;
  if (file !== undefined && changed && !typed.dryRun) writeUsersFile(file, text);
  return {
    exitCode: 0,
    data: { file: file ?? null, up_to_date: !changed, dry_run: typed.dryRun, packages: pins.map(named) },
    text: (ui) => (ui.isQuiet && file !== undefined ? "" : text.trimEnd()),
  };
};
export default asPip(compile);

const named = ({ name, version }: Pin) => ({ name, version });

/** What is named, else what lies here. */
function sourcesOf(operands: readonly string[], cwd: string): readonly string[] {
  if (operands.length > 0) return operands;
  const found = ["requirements.in", "pyproject.toml", "setup.cfg", "setup.py"].find((name) =>
    fs.existsSync(path.join(cwd, name)),
  );
  if (found !== undefined) return [found];
  throw callError("pip compile", "no file is given, and there is neither requirements.in nor pyproject.toml here");
}

async function interpreterFor(session: Session): Promise<Interpreter> {
  return (await selectedEnvironment(session))?.interpreter ?? (await session.use(Interpreters)).find({});
}

/** The versions that the file has now, but for those to be chosen anew. */
async function kept(
  file: string | undefined,
  upgraded: readonly string[],
  session: Session,
): Promise<ReadonlyMap<PackageName, string>> {
  if (file === undefined || contentOfUsersFile(file) === undefined) return new Map();
  const names = new Set(upgraded.map((text) => normalizeName(/^[\w.-]+/.exec(text)?.[0] ?? text)));
  const { entries } = await readWanted({ operands: [], requirement: [file] }, NO_OPTIONS, session);
  return new Map(
    entries.flatMap(({ subject }): [PackageName, Pin["version"]][] => {
      if (subject.kind !== "requirement" || names.has(subject.requirement.name)) return [];
      const version = /^==([^*,]+)$/.exec(subject.requirement.specifier)?.[1];
      return version === undefined ? [] : [[subject.requirement.name, version]];
    }),
  );
}

/** The call without words that change from one to the next, so that the file stays the same. */
const commandOf = (argv: readonly string[]): readonly string[] => [
  "pybun",
  ...argv.filter(
    (word) => !/^(?:-q|--quiet|-v+|--verbose|-U|--upgrade|-n|--dry-run|--format=.*|--color=.*)$/.test(word),
  ),
];
