import { formatTomlKey, formatTomlValue, type TomlValue } from "../toml-value.ts";
import type { Pylock, PylockFile, PylockPackage, PylockSource } from "./pylock.ts";

type Pairs = Readonly<Record<string, unknown>>;

/**
 * The text of a standard lock (PEP 751) in one canonical form: keys in the standard's order, hashes by algorithm, one file
 * a line, what is empty left out. `parsePylock` reads the same lock back; equal locks give equal bytes. Throws RangeError
 * for a number that TOML has no form for.
 */
export function formatPylock(pylock: Pylock): string {
  const head = lines({
    "lock-version": pylock.lockVersion,
    environments: pylock.environments,
    "requires-python": pylock.requiresPython,
    extras: pylock.extras,
    "dependency-groups": pylock.dependencyGroups,
    "default-groups": pylock.defaultGroups,
  });
  const author = `created-by = ${format(pylock.createdBy)}`;
  const none = pylock.packages.length === 0 ? ["packages = []"] : [];
  const packages = pylock.packages.flatMap((entry) => ["", "[[packages]]", ...lines(pairsOf(entry))]);
  const tool = pylock.tool === undefined ? [] : ["", "[tool]", ...lines(pylock.tool)];
  return `${[...head, author, ...none, ...packages, ...tool].join("\n")}\n`;
}

const pairsOf = (entry: PylockPackage): Pairs => ({
  name: entry.name,
  version: entry.version,
  marker: entry.marker,
  "requires-python": entry.requiresPython,
  dependencies: entry.dependencies,
  ...directPairs(entry.source),
  index: entry.index,
  ...(entry.source.kind === "files" && {
    sdist: entry.source.sdist && fileTable(entry.source.sdist),
    wheels: entry.source.wheels.map(fileTable),
  }),
  "attestation-identities": entry.attestationIdentities,
  tool: entry.tool,
});

function directPairs(source: PylockSource): Pairs {
  switch (source.kind) {
    case "vcs": {
      const { type, url, path, requestedRevision, commitId, subdirectory } = source;
      const revisions = { "requested-revision": requestedRevision, "commit-id": commitId };
      return { vcs: { type, url, path, ...revisions, subdirectory } };
    }
    case "directory": {
      const { path, isEditable, subdirectory } = source;
      return { directory: { path, editable: isEditable ? true : undefined, subdirectory } };
    }
    case "archive":
      return { archive: { ...contentOf(source), subdirectory: source.subdirectory } };
    default:
      return {};
  }
}

const fileTable = ({ filename, ...content }: PylockFile): Pairs => ({ name: filename, ...contentOf(content) });

const contentOf = ({ url, path, sizeBytes, uploadedAtMs, hashes }: Omit<PylockFile, "filename">): Pairs => ({
  "upload-time": uploadedAtMs === undefined ? undefined : new Date(uploadedAtMs),
  url,
  path,
  size: sizeBytes,
  hashes: Object.fromEntries(Object.entries(hashes).sort(([a], [b]) => (a < b ? -1 : 1))),
});

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** One line for each pair that says something; arrays of tables take a line for each. */
const lines = (pairs: Pairs): readonly string[] =>
  Object.entries(pairs).flatMap(([key, value]) => {
    if (isEmpty(value)) return [];
    if (!Array.isArray(value) || typeof value[0] !== "object") return `${formatTomlKey(key)} = ${format(value)}`;
    return [`${formatTomlKey(key)} = [`, ...value.map((item) => `    ${format(item)},`), "]"];
  });

function format(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  // Parsed dates keep their own spelling; those made from a time are written without needless digits.
  if (value instanceof Date) return value.toISOString().replace(".000", "");
  if (Array.isArray(value)) return `[${value.map(format).join(", ")}]`;
  if (typeof value !== "object" || value === null) return formatTomlValue(value as TomlValue);
  const pairs = Object.entries(value).filter(([, item]) => item !== undefined);
  return pairs.length === 0
    ? "{}"
    : `{ ${pairs.map(([key, item]) => `${formatTomlKey(key)} = ${format(item)}`).join(", ")} }`;
}
