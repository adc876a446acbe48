import type { RunOf } from "../../plugin-api/command.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { evaluateMarker } from "../../plugin-api/python/marker.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import { amendSources } from "../../plugin-api/requirements/amend-sources.ts";
import type { Session } from "../../plugin-api/session.ts";
import { asPip, callError } from "./as-pip.ts";
import type { list as spec } from "./commands.ts";
import { type Distribution, editableLocation, infoFile, requirementsOf } from "./distributions.ts";
import { type Latest, latestOf } from "./latest.ts";
import { readPlace } from "./read-place.ts";
import { columns, pythonJson } from "./table.ts";
import { typedOptions } from "./wanted.ts";

interface Row {
  readonly distribution: Distribution;
  readonly editable: string | undefined;
  readonly latest: Latest | undefined;
}

/** SPEC PIP-01. */
const list: RunOf<typeof spec> = async (options, _operands, session) => {
  const { outdated, uptodate, format } = options;
  if (outdated && uptodate) throw callError("pip list", "`--outdated` and `--uptodate` exclude each other");
  if (outdated && format === "freeze")
    throw callError("pip list", "`--outdated` can't be told in the format `freeze`, which has no place for it");
  await amendSources(typedOptions(options, session.cwd), session);
  const { environment, distributions } = await readPlace(options, session);
  const isShown = selection(options, distributions, environment?.interpreter);
  const shown = distributions.filter(isShown);
  const rows = await rowsOf(shown, { options, interpreter: environment?.interpreter }, session);
  return {
    exitCode: 0,
    data: {
      env: environment ? { path: environment.root, python: environment.python } : null,
      packages: rows.map(dataOf),
    },
    text: (ui) => {
      if (format === "json")
        return pythonJson(rows.map((row) => ({ ...dataOf(row), ...verbosely(row, ui.verbosity) })));
      if (format === "columns") return table(rows, { isOutdated: outdated, verbosity: ui.verbosity }).join("\n");
      return rows.map(({ distribution: { displayName, version } }) => `${displayName}==${version}`).join("\n");
    },
  };
};
export default asPip(list);

type Options = Parameters<typeof list>[0];

function selection(
  { editable, excludeEditable, includeEditable, notRequired }: Options,
  all: readonly Distribution[],
  interpreter: Interpreter | undefined,
): (distribution: Distribution) => boolean {
  const required = new Set<PackageName>();
  for (const { name, marker } of notRequired ? all.flatMap(requirementsOf) : [])
    if (interpreter === undefined || evaluateMarker(marker, interpreter.markers)) required.add(name);
  const hides = excludeEditable || !includeEditable;
  return (distribution) => {
    const isEditable = editableLocation(distribution) !== undefined;
    return !required.has(distribution.name) && (isEditable ? !hides : !editable);
  };
}

async function rowsOf(
  shown: readonly Distribution[],
  { options, interpreter }: { readonly options: Options; readonly interpreter: Interpreter | undefined },
  session: Session,
): Promise<readonly Row[]> {
  const { outdated, uptodate, pre } = options;
  const rows = await Promise.all(
    shown.map(async (distribution): Promise<Row> => {
      const isAsked = interpreter !== undefined && (outdated || uptodate);
      const latest = isAsked ? await latestOf(distribution, { interpreter, pre }, session) : undefined;
      return { distribution, editable: editableLocation(distribution), latest };
    }),
  );
  const key = (version: string): string => versionKey(version) ?? "";
  const isNewer = ({ distribution, latest }: Row): boolean =>
    latest !== undefined && key(latest.version) > key(distribution.version);
  const isSame = ({ distribution, latest }: Row): boolean =>
    latest !== undefined && key(latest.version) === key(distribution.version);
  if (outdated) return rows.filter(isNewer);
  return uptodate ? rows.filter(isSame) : rows;
}

const dataOf = ({ distribution: { displayName, version }, editable, latest }: Row) => ({
  name: displayName,
  version,
  ...(latest && { latest_version: latest.version, latest_filetype: latest.kind }),
  ...(editable !== undefined && { editable_project_location: editable }),
});

function verbosely({ distribution }: Row, verbosity: number) {
  if (verbosity === 0) return {};
  return { location: distribution.location, installer: installerOf(distribution) };
}

const installerOf = (distribution: Distribution): string => infoFile(distribution, "INSTALLER")?.trim() ?? "";

function table(
  rows: readonly Row[],
  { isOutdated, verbosity }: { readonly isOutdated: boolean; readonly verbosity: number },
): readonly string[] {
  if (rows.length === 0) return [];
  const hasEditables = rows.some(({ editable }) => editable !== undefined);
  const head = [
    "Package",
    "Version",
    ...(isOutdated ? ["Latest", "Type"] : []),
    ...(hasEditables ? ["Editable project location"] : []),
    ...(verbosity > 0 ? ["Location", "Installer"] : []),
  ];
  const body = rows.map(({ distribution, latest, editable }) => [
    distribution.displayName,
    distribution.version,
    ...(isOutdated ? [latest?.version ?? "", latest?.kind ?? ""] : []),
    ...(hasEditables ? [editable ?? ""] : []),
    ...(verbosity > 0 ? [distribution.location, installerOf(distribution)] : []),
  ]);
  return columns([head, ...body]);
}
