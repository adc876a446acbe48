import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import type { Artifact, Installed } from "../../plugin-api/model/environment.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { evaluateMarker } from "../../plugin-api/python/marker.ts";
import type { Report, TextStyle } from "../../plugin-api/report.ts";
import { asPip, callError } from "./as-pip.ts";
import { carryOut, fetchAll } from "./carry-out.ts";
import type { install as spec } from "./commands.ts";
import { foreignTarget } from "./foreign-target.ts";
import { environmentData, type Place } from "./place.ts";
import { chooseHeld, prepare } from "./prepare.ts";
import type { Satisfied } from "./satisfied.ts";

/** SPEC PIP-01. */
const install: RunOf<typeof spec> = async (typed, operands, session) => {
  const isEmpty = [operands, typed.requirement, typed.group, typed.editable].every((list) => list.length === 0);
  if (isEmpty) throw callError("pip install", "at least one requirement has to be given");
  const prepared = await prepare({ words: { ...typed, operands }, typed, place: typed, src: typed.src }, session);
  const { place, asked } = prepared;
  const { interpreter } = place;
  const choosing = { ...typed, noDeps: typed.noDeps || typed.noDependencies };
  const target = foreignTarget(typed, interpreter, { path: "pip install", options: prepared.options, ...choosing });
  if (target !== undefined && typed.target === undefined && !typed.dryRun)
    throw callError("pip install", "what is for another Python or machine needs `--target` or `--dry-run`");
  const { held: pins, satisfied } = await chooseHeld({ ...prepared, target }, choosing, session);
  const isFetched = !typed.dryRun || typed.report !== undefined;
  const artifacts = isFetched ? await fetchAll(pins, place, session) : [];
  const removed = typed.dryRun ? [] : await putIn({ pins, artifacts }, { place, typed }, session);
  const report =
    typed.report === undefined
      ? undefined
      : await (await import("./write-report.ts")).writeReport(
          { file: typed.report, artifacts, asked, interpreter },
          session,
        );
  const skipped = asked.flatMap(({ entry, demand: { requirement, text } }) =>
    !entry.isConstraint && !evaluateMarker(requirement.marker, interpreter.markers) ? [text] : [],
  );
  const root = typed.target === undefined ? place.destination.root : path.resolve(session.cwd, typed.target);
  const told = { place, root, pins, removed, satisfied, skipped, isDryRun: typed.dryRun };
  const said = reportOf(told, session.cwd);
  return report === undefined ? said : { ...said, text: () => report };
};
export default asPip(install);

type Typed = Parameters<typeof install>[0];

async function putIn(
  { pins, artifacts }: { readonly pins: readonly Pin[]; readonly artifacts: readonly Artifact[] },
  { place, typed }: { readonly place: Place; readonly typed: Typed },
  session: Parameters<typeof install>[2],
): Promise<readonly Installed[]> {
  if (pins.length === 0) return [];
  if (typed.target === undefined) return carryOut({ install: pins, remove: [] }, { place, artifacts }, session);
  const { intoTarget } = await import("./into-target.ts");
  const folder = path.resolve(session.cwd, typed.target);
  await intoTarget({ pins, artifacts, place, folder, isUpgrade: typed.upgrade }, session);
  return [];
}

interface Told {
  readonly place: Place;
  readonly root: string;
  readonly pins: readonly Pin[];
  readonly removed: readonly Installed[];
  readonly satisfied: readonly Satisfied[];
  readonly skipped: readonly string[];
  readonly isDryRun: boolean;
}

function reportOf(told: Told, cwd: string): Report {
  const { place, root, pins, removed, satisfied, isDryRun } = told;
  const named = (list: readonly { readonly name: string; readonly version: string }[]) =>
    list.map(({ name, version }) => ({ name, version }));
  return {
    exitCode: 0,
    data: {
      env: environmentData(place, root),
      installed: named(pins),
      removed: named(removed),
      satisfied: named(satisfied.map(({ distribution }) => distribution)),
      dry_run: isDryRun,
    },
    text: (ui) => (ui.isQuiet ? "" : lines(told, cwd, ui).join("\n")),
  };
}

/** In pip's words, which scripts look for. */
function lines({ pins, removed, satisfied, skipped, isDryRun }: Told, cwd: string, ui: TextStyle): readonly string[] {
  const listed = pins.map(({ name, version }) => `${name}-${version}`).join(" ");
  return [
    ...skipped.map((text) => `Ignoring ${text}: markers don't match your environment`),
    ...satisfied.map((each) => satisfiedLine(each, cwd)),
    ...removed.flatMap(({ name, version }) => [
      `Found existing installation: ${name} ${version}`,
      `Successfully uninstalled ${name}-${version}`,
    ]),
    ...(pins.length === 0
      ? []
      : [isDryRun ? `Would install ${listed}` : `${ui.ok("Successfully installed")} ${listed}`]),
  ];
}

function satisfiedLine({ text, distribution: { location, version }, chain }: Satisfied, cwd: string): string {
  const place = location.startsWith(cwd + path.sep) ? `./${path.relative(cwd, location)}` : location;
  const from = chain.length === 0 ? "" : ` (from ${chain.join("->")})`;
  return `Requirement already satisfied: ${text} in ${place}${from} (${version})`;
}
