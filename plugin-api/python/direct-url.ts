import { InvalidSyntax } from "../error.ts";

/** Where an installed distribution came from, when not from an index: `direct_url.json` (PEP 610). */
export interface DirectUrl {
  readonly url: string;
  readonly subdirectory?: string;
  readonly origin: ArchiveOrigin | VcsOrigin | DirectoryOrigin;
}
export interface ArchiveOrigin {
  readonly kind: "archive";
  /** Hexadecimal digests by algorithm. */
  readonly hashes: Readonly<Record<string, string>>;
}
export interface VcsOrigin {
  readonly kind: "vcs";
  /** `git`, `hg`, … */
  readonly vcs: string;
  readonly commitId: string;
  readonly requestedRevision?: string;
}
export interface DirectoryOrigin {
  readonly kind: "directory";
  readonly isEditable: boolean;
}

type Table = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const invalid = (why: string): InvalidSyntax => new InvalidSyntax(`direct_url.json is malformed: ${why}`);

function optionalText(table: Table, key: string): string | undefined {
  const value = table[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalid(`\`${key}\` is not a text`);
  return value;
}

function text(table: Table, key: string): string {
  const value = optionalText(table, key);
  if (value === undefined) throw invalid(`\`${key}\` is missing`);
  return value;
}

/** Reads the text of a `direct_url.json` (PEP 610). Throws InvalidSyntax. */
export function parseDirectUrl(json: string): DirectUrl {
  try {
    return directUrlOf(JSON.parse(json));
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid("it is not JSON");
    throw error;
  }
}

/** As `parseDirectUrl`, of parsed JSON. Unknown keys are ignored. */
export function directUrlOf(data: unknown): DirectUrl {
  if (!isTable(data)) throw invalid("it is not a table");
  const url = text(data, "url");
  const subdirectory = optionalText(data, "subdirectory");
  const kinds = (["archive_info", "vcs_info", "dir_info"] as const).filter(
    (key) => data[key] !== undefined && data[key] !== null,
  );
  const [kind, second] = kinds;
  if (kind === undefined || second !== undefined)
    throw invalid("it needs one of `archive_info`, `vcs_info`, `dir_info`");
  const info = data[kind];
  if (!isTable(info)) throw invalid(`\`${kind}\` is not a table`);
  if (kind === "dir_info" && !/^file:(?:\/\/[^/?#]*\/|\/(?!\/))/i.test(url))
    throw invalid("a directory needs an absolute file URL");
  return { url, ...(subdirectory !== undefined && { subdirectory }), origin: READERS[kind](info) };
}

const READERS = {
  archive_info: (info: Table): ArchiveOrigin => ({ kind: "archive", hashes: readHashes(info) }),
  vcs_info: (info: Table): VcsOrigin => {
    const requestedRevision = optionalText(info, "requested_revision");
    const origin = { kind: "vcs", vcs: text(info, "vcs"), commitId: text(info, "commit_id") } as const;
    return requestedRevision === undefined ? origin : { ...origin, requestedRevision };
  },
  dir_info: (info: Table): DirectoryOrigin => {
    const isEditable = info["editable"] ?? false;
    if (typeof isEditable !== "boolean") throw invalid("`editable` is not true or false");
    return { kind: "directory", isEditable };
  },
};

function readHashes(info: Table): Readonly<Record<string, string>> {
  const given = info["hashes"] ?? undefined;
  if (given !== undefined && !isTable(given)) throw invalid("`hashes` is not a table");
  const hashes: Record<string, string> = {};
  for (const key of Object.keys(given ?? {})) hashes[key] = text(given!, key);
  const legacy = optionalText(info, "hash");
  if (legacy === undefined) return hashes;
  const [, algorithm, digest] = /^([^=]*)=([^]*)$/.exec(legacy) ?? [];
  if (algorithm === undefined || digest === undefined) throw invalid("`hash` is not `algorithm=digest`");
  if (given === undefined) return { [algorithm]: digest };
  if (hashes[algorithm] !== digest) throw invalid("`hash` contradicts `hashes`");
  return hashes;
}

// PEP 610: a password must not be written down, unless it is the name of an environment variable. `git@` is no secret.
const CREDENTIALS = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@/i;
const HARMLESS = /^(?:git|\$\{[\w-]+\}(?::\$\{[\w-]+\})?)$/;

/** The text of a `direct_url.json`, credentials taken out of the URL (PEP 610). */
export function formatDirectUrl({ url, subdirectory, origin }: DirectUrl): string {
  const safeUrl = url.replace(CREDENTIALS, (all, scheme: string, user: string) => (HARMLESS.test(user) ? all : scheme));
  return JSON.stringify({ url: safeUrl, ...(subdirectory !== undefined && { subdirectory }), ...originTable(origin) });
}

function originTable(origin: DirectUrl["origin"]): Table {
  if (origin.kind === "archive") {
    return { archive_info: Object.keys(origin.hashes).length === 0 ? {} : { hashes: origin.hashes } };
  }
  if (origin.kind === "directory") return { dir_info: origin.isEditable ? { editable: true } : {} };
  const { vcs, commitId, requestedRevision } = origin;
  return { vcs_info: { vcs, requested_revision: requestedRevision, commit_id: commitId } };
}
