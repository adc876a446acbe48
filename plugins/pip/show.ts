import type { RunOf } from "../../plugin-api/command.ts";
import { type Diagnostic, warning } from "../../plugin-api/diagnostic.ts";
import { InvalidSyntax } from "../../plugin-api/error.ts";
import type { MarkerEnvironment } from "../../plugin-api/model/interpreter.ts";
import { evaluateMarker } from "../../plugin-api/python/marker.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { parseRecord } from "../../plugin-api/python/record.ts";
import { asPip } from "./as-pip.ts";
import type { show as spec } from "./commands.ts";
import { type Distribution, distributionsIn, editableLocation, infoFile, requirementsOf } from "./distributions.ts";
import { selectedEnvironment } from "./place.ts";

/** SPEC PIP-01. */
const show: RunOf<typeof spec> = async ({ files: withFiles }, operands, session) => {
  const environment = await selectedEnvironment(session);
  const all = environment ? await distributionsIn(environment, session) : [];
  const asked = operands.map((name) => normalizeName(name));
  const found = asked.flatMap((name) => all.find((each) => each.name === name) ?? []);
  const missing = operands.filter((_, index) => !all.some(({ name }) => name === asked[index]));
  const markers = environment?.interpreter.markers;
  const facts = found.map((each) => factsOf(each, { all, markers, withFiles }));
  return {
    exitCode: found.length === 0 ? 1 : 0,
    data: { packages: facts.map(dataOf) },
    diagnostics: missing.length === 0 ? [] : [notFound(missing)],
    text: (ui) => facts.map((each) => lines(each, ui.verbosity).join("\n")).join("\n---\n"),
  };
};
export default asPip(show);

const notFound = (names: readonly string[]): Diagnostic =>
  warning("W_PIP_NOT_INSTALLED", `not installed: ${names.join(", ")}`, { context: { names } });

interface Facts {
  readonly distribution: Distribution;
  readonly requires: readonly string[];
  readonly requiredBy: readonly string[];
  readonly files: readonly string[] | undefined;
}

interface View {
  readonly all: readonly Distribution[];
  readonly markers: MarkerEnvironment | undefined;
  readonly withFiles: boolean;
}

function factsOf(distribution: Distribution, { all, markers, withFiles }: View): Facts {
  const applies = ({ marker }: { readonly marker: string }): boolean => !markers || evaluateMarker(marker, markers);
  const required = requiredNames(distribution, applies);
  const requiredBy = all.filter((each) =>
    requirementsOf(each).some((one) => one.name === distribution.name && applies(one)),
  );
  return {
    distribution,
    requires: inOrder(required),
    requiredBy: inOrder(requiredBy.map(({ displayName }) => displayName)),
    files: withFiles ? filesOf(distribution) : undefined,
  };
}

/** As its metadata spells them, which normal names don't. */
function requiredNames(
  { headers }: Distribution,
  applies: (one: { readonly marker: string }) => boolean,
): readonly string[] {
  return (headers.get("requires-dist") ?? []).flatMap((text) => {
    const [requirement] = requirementsOf({ headers: new Map([["requires-dist", [text]]]) });
    const [written] = /^[\w.-]+/.exec(text.trim()) ?? [];
    return requirement && written !== undefined && applies(requirement) ? [written] : [];
  });
}

const inOrder = (names: readonly string[]): readonly string[] =>
  [...new Set(names)].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));

function filesOf(distribution: Distribution): readonly string[] {
  const text = infoFile(distribution, "RECORD");
  try {
    return text === undefined
      ? []
      : parseRecord(text)
          .map((row) => row.path)
          .sort();
  } catch (error) {
    if (error instanceof InvalidSyntax) return [];
    throw error;
  }
}

const field = ({ headers }: Distribution, name: string): string => headers.get(name)?.[0] ?? "";

function homePage(distribution: Distribution): string {
  const own = field(distribution, "home-page");
  if (own !== "") return own;
  for (const entry of distribution.headers.get("project-url") ?? []) {
    const [label = "", ...url] = entry.split(",");
    if (/^home-?page$/i.test(label.trim().replace(/[\s_]/g, ""))) return url.join(",").trim();
  }
  return "";
}

function dataOf({ distribution, requires, requiredBy, files }: Facts) {
  const { displayName, version, location } = distribution;
  const editable = editableLocation(distribution);
  return {
    name: displayName,
    version,
    summary: field(distribution, "summary"),
    location,
    ...(editable !== undefined && { editable_project_location: editable }),
    requires,
    required_by: requiredBy,
    ...(files && { files }),
  };
}

function lines({ distribution, requires, requiredBy, files }: Facts, verbosity: number): readonly string[] {
  const { displayName, version, location } = distribution;
  const editable = editableLocation(distribution);
  const expression = field(distribution, "license-expression");
  return [
    `Name: ${displayName}`,
    `Version: ${version}`,
    `Summary: ${field(distribution, "summary")}`,
    `Home-page: ${homePage(distribution)}`,
    `Author: ${field(distribution, "author")}`,
    `Author-email: ${field(distribution, "author-email")}`,
    expression === "" ? `License: ${field(distribution, "license")}` : `License-Expression: ${expression}`,
    `Location: ${location}`,
    ...(editable === undefined ? [] : [`Editable project location: ${editable}`]),
    `Requires: ${requires.join(", ")}`,
    `Required-by: ${requiredBy.join(", ")}`,
    ...(verbosity > 0 ? details(distribution) : []),
    ...(files === undefined ? [] : ["Files:", ...files.map((file) => `  ${file}`)]),
  ];
}

function details(distribution: Distribution): readonly string[] {
  const block = (title: string, items: readonly string[]): readonly string[] => [
    `${title}:`,
    ...items.map((item) => `  ${item}`),
  ];
  const entryPoints = infoFile(distribution, "entry_points.txt")?.split(/\r?\n/) ?? [];
  return [
    `Metadata-Version: ${field(distribution, "metadata-version")}`,
    `Installer: ${infoFile(distribution, "INSTALLER")?.trim() ?? ""}`,
    ...block("Classifiers", distribution.headers.get("classifier") ?? []),
    ...block("Entry-points", entryPoints.map((line) => line.trim()).filter(Boolean)),
    ...block("Project-URLs", distribution.headers.get("project-url") ?? []),
  ];
}
