import type { Source } from "../../plugin-api/model/distribution.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";
import { type Contents, type Exported, incomplete } from "./contents.ts";
import { type OwnProject, pathOfUrl, relativeTo } from "./places.ts";

export interface RequirementsForm {
  readonly hasHashes: boolean;
  readonly projects: readonly OwnProject[];
  /** Folder that pip is going to be run in. */
  readonly cwd: string;
  /** URLs of indexes by logical name. */
  readonly indexes: ReadonlyMap<string, string>;
}
export interface RequirementsText {
  readonly text: string;
  /** Lines without a hash in a file that has some. */
  readonly unhashed: readonly string[];
}

/** The index that pip asks when it is told of none. */
const PUBLIC = "pypi";

/** A requirements file (pip's format): exact versions, each with marker and hashes; folders and repositories as what they are. */
export function requirementsText(contents: Contents, form: RequirementsForm): RequirementsText {
  const own = form.projects.map(({ folder }) => ({ line: `-e ${relativeTo(form.cwd, folder)}`, hashes: [] }));
  const lines = [...own, ...contents.packages.flatMap((each) => requirementOf(each, form))];
  const isHashed = lines.some(({ hashes }) => hashes.length > 0);
  const body = lines.map(({ line, hashes }) =>
    [line, ...hashes.map((hash) => `    --hash=sha256:${hash}`)].join(" \\\n"),
  );
  const head = ["# made by `pybun export` from pybun.lockb", ...indexLines(contents, form)];
  return {
    text: `${[...head, ...body].join("\n")}\n`,
    unhashed: isHashed ? lines.filter(({ hashes }) => hashes.length === 0).map(({ line }) => line) : [],
  };
}

/** Indexes of the packages by name; where nothing comes from the public one, the first stands in for it. */
function indexLines({ packages }: Contents, { cwd, indexes }: RequirementsForm): readonly string[] {
  const used = new Set(packages.flatMap(({ locked: { source } }) => (source.kind === "index" ? [source.index] : [])));
  const urls = [...used].sort().flatMap((name) => (name === PUBLIC ? [] : (indexes.get(name) ?? [])));
  const remote = urls.filter((url) => pathOfUrl(url) === undefined);
  return [
    ...remote.map((url, place) => `${place === 0 && !used.has(PUBLIC) ? "--index-url" : "--extra-index-url"} ${url}`),
    ...urls.flatMap((url) => {
      const folder = pathOfUrl(url);
      return folder === undefined ? [] : [`--find-links ${relativeTo(cwd, folder)}`];
    }),
  ];
}

interface Line {
  readonly line: string;
  /** Sorted. */
  readonly hashes: readonly string[];
}

function requirementOf(exported: Exported, { hasHashes, cwd }: RequirementsForm): readonly Line[] {
  const { locked, marker } = exported;
  const { name, version, source, files } = locked;
  if (source.kind === "member" && source.isVirtual) return [];
  const suffix = marker === "" ? "" : ` ; ${marker}`;
  const folder = source.kind === "member" || (source.kind === "path" && files.length === 0);
  if (folder) {
    const isEditable = source.kind === "member" || source.isEditable === true;
    return [{ line: `${isEditable ? "-e " : ""}${relativeTo(cwd, placeOf(source))}${suffix}`, hashes: [] }];
  }
  const hashes = hasHashes ? hashesOf(exported) : [];
  if (source.kind === "index") return [{ line: `${name}==${version}${suffix}`, hashes }];
  if (source.kind === "path") return [{ line: `${relativeTo(cwd, source.path)}${suffix}`, hashes }];
  if (source.kind !== "git" && source.kind !== "url")
    throw incomplete(locked, "comes from a place that pip does not know");
  const url = urlOf(source);
  return [{ line: formatRequirement({ name, extras: [], specifier: "", marker, url }), hashes }];
}

const placeOf = (source: Source & { readonly path: string }): string =>
  "subdirectory" in source && source.subdirectory !== undefined ? `${source.path}/${source.subdirectory}` : source.path;

/** Of repositories the commit, so that a branch that moves changes nothing. */
function urlOf(source: Extract<Source, { kind: "url" | "git" }>): string {
  const fragment = source.subdirectory === undefined ? "" : `#subdirectory=${source.subdirectory}`;
  if (source.kind === "git") return `git+${source.url}@${source.commit}${fragment}`;
  return `${source.url.split("#", 1)[0]}${fragment}`;
}

function hashesOf({ locked }: Exported): readonly string[] {
  if (locked.source.kind === "git") return [];
  const hashes = locked.files.map(({ filename, sha256 }) => {
    if (sha256 === undefined) throw incomplete(locked, `has no hash for ${filename}`);
    return sha256;
  });
  if (hashes.length === 0) throw incomplete(locked, "has no file that could be installed");
  return [...new Set(hashes)].sort();
}
