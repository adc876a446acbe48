import path from "node:path";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";
import type { RequirementsOptions } from "../../plugin-api/python/requirements-file-options.ts";
import type { Asked } from "../../plugin-api/requirements/asked.ts";
import { shellJoin } from "../../plugin-api/shell-word.ts";
import { bareUrl } from "../../plugin-api/url-scope.ts";

export interface Compiled {
  readonly pins: readonly Pin[];
  readonly asked: readonly Asked[];
  readonly hashes: ReadonlyMap<PackageName, readonly Sha256[]> | undefined;
  readonly options: RequirementsOptions;
  readonly form: {
    readonly header: boolean;
    readonly annotate: boolean;
    readonly annotationStyle: "split" | "line";
    readonly stripExtras: boolean;
    readonly emitOptions: boolean;
  };
  readonly interpreter: Interpreter;
  /** The words that made it. */
  readonly command: readonly string[];
  readonly cwd: string;
}

/** A requirements file in pip-tools' form: exact versions in the order of their names, each with who requires it. */
export function compiledText(compiled: Compiled): string {
  const { pins, form } = compiled;
  const blocks = pins.map((pin) => ({ pin, text: blockOf(pin, compiled) }));
  const isEditable = ({ pin: { source } }: (typeof blocks)[number]): boolean =>
    source.kind === "path" && source.isEditable === true;
  const ordered = [...blocks.filter(isEditable), ...blocks.filter((block) => !isEditable(block))];
  const lines = [
    ...(form.header ? headerOf(compiled) : []),
    ...(form.emitOptions ? optionLines(compiled) : []),
    ...ordered.map(({ text }) => text),
  ];
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

const headerOf = ({ interpreter, command }: Compiled): readonly string[] => [
  "#",
  `# Made by PyBun with Python ${interpreter.tags.python.join(".")} by the following command:`,
  "#",
  `#    ${shellJoin(command)}`,
  "#",
];

/** What files and call say of where packages come from, without logins; a blank line behind it. */
function optionLines({ options, cwd }: Compiled): readonly string[] {
  const { indexUrl, extraIndexUrls, findLinks, trustedHosts } = options;
  const shown = (place: string): string =>
    /^https?:/i.test(place) ? bareUrl(place) : path.relative(cwd, place) || ".";
  const lines = [
    ...(indexUrl === undefined ? [] : [`--index-url ${shown(indexUrl)}`]),
    ...extraIndexUrls.map((url) => `--extra-index-url ${shown(url)}`),
    ...(options.noIndex ? ["--no-index"] : []),
    ...findLinks.map((place) => `--find-links ${shown(place)}`),
    ...trustedHosts.map((host) => `--trusted-host ${host}`),
    ...(options.allowsPrereleases ? ["--pre"] : []),
    ...options.noBinary.map((name) => `--no-binary ${name}`),
    ...options.onlyBinary.map((name) => `--only-binary ${name}`),
  ];
  return lines.length === 0 ? [] : [...lines, ""];
}

function blockOf(pin: Pin, compiled: Compiled): string {
  const { form, hashes } = compiled;
  const listed = (hashes?.get(pin.name) ?? []).map((hash) => `    --hash=sha256:${hash}`);
  const requirement = [requirementOf(pin, compiled), ...listed].join(" \\\n");
  const via = form.annotate ? viaOf(pin, compiled) : [];
  if (via.length === 0) return requirement;
  if (form.annotationStyle === "line") {
    const note = `# via ${via.join(", ")}`;
    return listed.length > 0 ? `${requirement}\n    ${note}` : `${requirement.padEnd(24)}  ${note}`;
  }
  const [only] = via;
  const notes = via.length === 1 ? [`    # via ${only}`] : ["    # via", ...via.map((each) => `    #   ${each}`)];
  return [requirement, ...notes].join("\n");
}

function requirementOf(pin: Pin, { asked, form, cwd }: Compiled): string {
  const { name, version, source } = pin;
  const extras = form.stripExtras ? [] : pin.extras;
  const own = asked.find(({ entry, demand }) => !entry.isConstraint && demand.requirement.name === name);
  // What the user asks for in some places only is asked for there only afterwards, too.
  const { marker = "", url = urlOf(source) } = own?.demand.requirement ?? {};
  const behind = marker === "" ? "" : ` ; ${marker}`;
  if (source.kind === "index")
    return formatRequirement({ name, extras, specifier: `==${version}`, marker: "" }) + behind;
  if (source.kind === "path" && source.isEditable)
    return `-e ${own?.entry.isEditable ? own.entry.text : path.relative(cwd, source.path)}`;
  return formatRequirement({ name, extras, specifier: "", marker: "", url }) + behind;
}

function urlOf(source: Pin["source"]): string {
  if (source.kind === "git") return `git+${source.url}@${source.commit}`;
  if (source.kind === "url") return source.url;
  return `file://${"path" in source ? source.path : ""}`;
}

/** Files and packages that require it: files first, then names, each once. */
function viaOf({ name }: Pin, { pins, asked, cwd }: Compiled): readonly string[] {
  const files = asked.flatMap(({ entry, demand }) => {
    if (demand.requirement.name !== name) return [];
    if (!path.isAbsolute(entry.file)) return [entry.file];
    const file = path.relative(cwd, entry.file).replaceAll("\\", "/");
    return [entry.group === undefined ? `${entry.isConstraint ? "-c" : "-r"} ${file}` : `${file}:${entry.group}`];
  });
  const packages = pins.flatMap((pin) => (pin.dependencies.some((edge) => edge.name === name) ? [pin.name] : []));
  return [...new Set([...files.sort(), ...packages.sort()])];
}
