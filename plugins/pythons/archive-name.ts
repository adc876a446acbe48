import type { Sha256 } from "../../plugin-api/model/digest.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";

/** An archive with an installation of CPython, as python-build-standalone makes and names them. */
export interface PythonArchive {
  readonly version: string;
  readonly isFreeThreaded: boolean;
  /** `x86_64-unknown-linux-gnu`, `aarch64-apple-darwin`, … */
  readonly target: string;
  /** Date of the build. */
  readonly build: string;
  /** Below the address of all archives: `20261021/cpython-3.12.9+20261021-…-install_only_stripped.tar.gz`. */
  readonly path: string;
  readonly sha256: Sha256;
  /** Absent where the table does not know it. */
  readonly sizeBytes?: number;
}

const PATH =
  /^(\d{8})\/cpython-(\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?)\+\1-((?:x86_64|aarch64|armv7|ppc64le|s390x|riscv64)-[a-z0-9_]+-[a-z0-9_]+(?:-(?:gnu|musl|msvc)\w*)?)(-freethreaded)?(?:-shared)?-install_only(?:_stripped)?\.tar\.gz$/;

/** What an archive's path says of it; undefined for a file that is no archive of the kind that is installed. */
export function readArchivePath(
  path: string,
  file: Pick<PythonArchive, "sha256" | "sizeBytes">,
): PythonArchive | undefined {
  const [, build, version, target, threads] = PATH.exec(path) ?? [];
  if (build === undefined || version === undefined || target === undefined) return undefined;
  return { version, isFreeThreaded: threads !== undefined, target, build, path, ...file };
}

/** Name of the folder of an installation: one for a version and platform, whichever its build. */
export const folderName = ({ version, isFreeThreaded, target }: Omit<PythonArchive, "path" | "build" | "sha256">) =>
  `cpython-${version}${isFreeThreaded ? "t" : ""}-${target}`;

/** What the folder of an installation is named for; undefined for any other folder. */
export function readFolderName(name: string): Pick<PythonArchive, "version" | "isFreeThreaded" | "target"> | undefined {
  const [, version, threads, target] = /^cpython-(\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?)(t?)-(.+)$/.exec(name) ?? [];
  if (version === undefined || target === undefined) return undefined;
  return { version, isFreeThreaded: threads === "t", target };
}

/** Newest first; of one version the build with the global lock, and the newer build, before the other. */
export function newestFirst<T extends Pick<PythonArchive, "version" | "isFreeThreaded"> & { readonly build?: string }>(
  archives: readonly T[],
): readonly T[] {
  const keyed = archives.map((archive) => ({
    archive,
    key: `${versionKey(archive.version) ?? ""} ${archive.isFreeThreaded ? 0 : 1} ${archive.build ?? ""}`,
  }));
  return keyed.sort((a, b) => (a.key < b.key ? 1 : a.key > b.key ? -1 : 0)).map(({ archive }) => archive);
}
