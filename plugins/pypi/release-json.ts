import type { SourceMetadata } from "../../plugin-api/python/source-metadata.ts";
import type { MetadataQuery } from "../../plugin-api/stages.ts";
import type { IndexState } from "./state.ts";

type Table = Readonly<Record<string, unknown>>;

const MAX_BYTES = 32 * 1024 * 1024;

/**
 * A wheel's metadata out of the public index's own JSON, `<base>/pypi/<name>/<version>/json`, where that suffices: it speaks
 * of a release, not of a file, so only where this wheel is its one wheel and came first, and the requirements are stated. Undefined else.
 */
export async function fromReleaseJson(query: MetadataQuery, state: IndexState): Promise<SourceMetadata | undefined> {
  const { name, version, source } = query;
  const index = state.indexes.find((each) => source.kind === "index" && each.name === source.index);
  if (!index?.isPublic || !index.url.endsWith("/simple/") || !state.traits.mayHaveJson(index.url)) return undefined;
  const base = index.url.slice(0, -"simple/".length);
  const http = await state.http();
  const url = `${base}pypi/${name}/${encodeURIComponent(version)}/json`;
  const { status, body } = await http.get(url, { accept: "application/json", cache: "bypass", maxBytes: MAX_BYTES });
  const release = status === 200 ? parse(body) : undefined;
  state.traits.sawJson(index.url, release !== undefined);
  return release && sufficient(release, query);
}

function parse(body: Uint8Array): Table | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
    return isTable(value) && isTable(value["info"]) && Array.isArray(value["urls"]) ? value : undefined;
  } catch {
    return undefined;
  }
}

function sufficient(release: Table, { name, version, file }: MetadataQuery): SourceMetadata | undefined {
  const info = release["info"] as Table;
  const wheels = (release["urls"] as readonly unknown[]).filter(
    (each): each is Table => isTable(each) && each["packagetype"] === "bdist_wheel",
  );
  const [wheel] = wheels;
  const digests = wheel?.["digests"];
  const isThisFile = isTable(digests) && file.sha256 !== undefined && digests["sha256"] === file.sha256;
  const { requires_dist: requiresDist, requires_python: requiresPython, provides_extra: extras, dynamic } = info;
  const isOpen = Array.isArray(dynamic) && dynamic.length > 0;
  const isFirst =
    wheel !== undefined && (release["urls"] as readonly unknown[]).every((each) => uploadOf(wheel) <= uploadOf(each));
  if (wheels.length !== 1 || !isThisFile || !isFirst || isOpen || !isTexts(requiresDist)) return undefined;
  return {
    name,
    version,
    requiresPython: typeof requiresPython === "string" ? requiresPython : "",
    requiresDist,
    providesExtra: isTexts(extras) ? extras : [],
  };
}

/** The release's metadata is that of the file that came first. */
function uploadOf(file: unknown): string {
  const time = isTable(file) ? file["upload_time_iso_8601"] : undefined;
  return typeof time === "string" ? time : "";
}

const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");
