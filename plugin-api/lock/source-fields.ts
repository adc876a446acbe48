import { PybunError } from "../error.ts";
import type { Source } from "../model/distribution.ts";
import type { LockedPackage, SourceIntegrity } from "../model/lock.ts";
import { INTEGRITY, SOURCE_TYPE } from "./layout.ts";
import { type LockPlace, pathHere, portablePath, withoutCredentials } from "./place.ts";

/** A package's source as the fields of an entry have it (SPEC DPL-06). */
export interface SourceFields {
  readonly type: number;
  /** Logical name of an index, URL, or path relative to the lock. */
  readonly source: string;
  /** What else there is to say, as the query of a URL: `reference=main&subdirectory=lib&lfs=true`. */
  readonly detail: string;
}

type PathSource = Extract<Source, { readonly kind: "path" }>;

/** Throws `E_LOCK_INCOMPLETE` for a kind that another plugin brought. */
export function sourceFields({ name, version, source, files }: LockedPackage, place: LockPlace): SourceFields {
  switch (source.kind) {
    case "index":
      return { type: SOURCE_TYPE.index, source: withoutCredentials(source.index), detail: "" };
    case "url":
      return { type: SOURCE_TYPE.url, source: withoutCredentials(source.url), detail: detailOf(source) };
    case "git":
      return { type: SOURCE_TYPE.git, source: withoutCredentials(source.url), detail: detailOf(source) };
    case "path":
      return { type: pathType(source, files), source: portablePath(source.path, place), detail: detailOf(source) };
    case "member": {
      const type = source.isVirtual ? SOURCE_TYPE.virtual : SOURCE_TYPE.member;
      return { type, source: portablePath(source.path, place), detail: "" };
    }
    default: {
      const { kind } = source as { readonly kind: string };
      throw new PybunError(
        "E_LOCK_INCOMPLETE",
        `${name} ${version} has a source of kind \`${kind}\`, which no lock holds`,
      );
    }
  }
}

function pathType(source: PathSource, files: LockedPackage["files"]): number {
  if (files.length > 0) return SOURCE_TYPE.archive;
  return source.isEditable ? SOURCE_TYPE.editable : SOURCE_TYPE.directory;
}

interface Details {
  readonly reference?: string;
  readonly subdirectory?: string;
  readonly isLfs?: true;
}

function detailOf({ reference, subdirectory, isLfs }: Details): string {
  const query = new URLSearchParams();
  if (reference !== undefined) query.set("reference", reference);
  if (subdirectory !== undefined) query.set("subdirectory", subdirectory);
  if (isLfs) query.set("lfs", "true");
  return query.toString();
}

function readDetail(detail: string): Details {
  if (detail === "") return {};
  const query = new URLSearchParams(detail);
  const [reference, subdirectory] = [query.get("reference"), query.get("subdirectory")];
  return {
    ...(reference !== null && { reference }),
    ...(subdirectory !== null && { subdirectory }),
    ...(query.get("lfs") === "true" && { isLfs: true }),
  };
}

/** The source that an entry's fields mean here; undefined for a type that does not exist. `commit`: of a git source. */
export function sourceOf({ type, source, detail }: SourceFields, commit: string, place: LockPlace): Source | undefined {
  const { reference, subdirectory, isLfs } = readDetail(detail);
  const below = subdirectory === undefined ? {} : { subdirectory };
  switch (type) {
    case SOURCE_TYPE.index:
      return { kind: "index", index: source };
    case SOURCE_TYPE.url:
      return { kind: "url", url: source, ...below };
    case SOURCE_TYPE.git:
      return {
        kind: "git",
        url: source,
        commit,
        ...(reference !== undefined && { reference }),
        ...below,
        ...(isLfs && { isLfs }),
      };
    case SOURCE_TYPE.directory:
    case SOURCE_TYPE.archive:
      return { kind: "path", path: pathHere(source, place), ...below };
    case SOURCE_TYPE.editable:
      return { kind: "path", path: pathHere(source, place), isEditable: true, ...below };
    case SOURCE_TYPE.member:
    case SOURCE_TYPE.virtual:
      return { kind: "member", path: pathHere(source, place), isVirtual: type === SOURCE_TYPE.virtual };
    default:
      return undefined;
  }
}

const KINDS = { "git-sha1": INTEGRITY.gitSha1, "git-sha256": INTEGRITY.gitSha256, tree: INTEGRITY.tree } as const;
/** Hexadecimal digits of the digest of each kind. */
export const DIGEST_DIGITS = { "git-sha1": 40, "git-sha256": 64, tree: 64 } as const;

/** Number of a kind of integrity in the file, and back. */
export const integrityNumber = (kind: SourceIntegrity["kind"]): number => KINDS[kind];
export const integrityKind = (number: number): SourceIntegrity["kind"] | undefined =>
  (Object.keys(KINDS) as SourceIntegrity["kind"][]).find((kind) => KINDS[kind] === number);

/** Of a git source the commit itself, even where nobody says so apart from the source. */
export function integrityOf({ source, integrity }: LockedPackage): SourceIntegrity | undefined {
  if (source.kind !== "git") return integrity;
  return { kind: source.commit.length === 40 ? "git-sha1" : "git-sha256", digest: source.commit };
}
