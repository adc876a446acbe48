import { InvalidSyntax } from "../../plugin-api/error.ts";
import type { DistributionFile } from "../../plugin-api/model/distribution.ts";
import type { LockedPackage } from "../../plugin-api/model/lock.ts";
import type { Extra } from "../../plugin-api/model/requirement.ts";
import { implies, pythonRange } from "../../plugin-api/python/marker-algebra.ts";
import type { Pylock, PylockFile, PylockPackage, PylockSource } from "../../plugin-api/python/pylock.ts";
import { formatPylock } from "../../plugin-api/python/pylock-format.ts";
import { parseSdistFilename } from "../../plugin-api/python/sdist-filename.ts";
import { type Contents, type Exported, incomplete } from "./contents.ts";
import { type OwnProject, pathOfUrl, relativeTo } from "./places.ts";

export interface PylockForm {
  readonly projects: readonly OwnProject[];
  /** Folder the lock is going to lie in: its paths are relative to that. */
  readonly folder: string;
  /** URLs of indexes by logical name. */
  readonly indexes: ReadonlyMap<string, string>;
}

/** A lock in the standard's form (PEP 751). Throws `E_LOCK_INCOMPLETE`. */
export function pylockText(contents: Contents, form: PylockForm): string {
  const { lock, packages, environments, extras, groups } = contents;
  const own = form.projects.map(
    ({ name, folder }): PylockPackage => ({
      name,
      marker: "",
      requiresPython: "",
      source: directory(form, folder, true),
    }),
  );
  const pylock: Pylock = {
    lockVersion: "1.0",
    createdBy: "pybun",
    requiresPython: lock.requiresPython,
    environments,
    extras: extras as readonly Extra[],
    dependencyGroups: groups,
    // Installers take the project's own requirements only, as with every other form.
    defaultGroups: [],
    packages: [...own, ...packages.flatMap((each) => entryOf(each, contents, form))].sort((a, b) =>
      a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
    ),
  };
  return formatPylock(pylock);
}

const directory = ({ folder }: PylockForm, target: string, isEditable: boolean) =>
  ({ kind: "directory", path: relativeTo(folder, target), isEditable }) as const;

function entryOf(exported: Exported, contents: Contents, form: PylockForm): readonly PylockPackage[] {
  const { locked, marker, set } = exported;
  const { name, version, source, requiresPython } = locked;
  if (source.kind === "member" && source.isVirtual) return [];
  const place = sourceOf(locked, form);
  const index = source.kind === "index" ? form.indexes.get(source.index) : undefined;
  const dependencies = dependenciesOf(exported, contents);
  return [
    {
      name,
      ...(place.kind !== "directory" && { version }),
      marker,
      // Installers refuse a package outside of its range, which its upper bound alone is no reason for.
      requiresPython: implies(set, pythonRange(requiresPython)) ? requiresPython : "",
      ...(dependencies.length > 0 && { dependencies }),
      ...(index?.startsWith("http") && { index }),
      source: place,
    },
  ];
}

/** By name, and version where the lock has several of the name. */
function dependenciesOf({ locked }: Exported, { lock, packages }: Contents) {
  const here = new Map(packages.map((each) => [each.index, each.locked]));
  const counts = Map.groupBy(here.values(), ({ name }) => name);
  const targets = [...new Set(locked.dependencies.map(({ to }) => to))].filter((to) => here.has(to));
  return targets
    .map((to) => lock.packages[to]!)
    .filter((target) => target !== locked)
    .map(({ name, version, source }) => ({
      name,
      ...(counts.get(name)!.length > 1 && source.kind !== "member" && { version }),
    }));
}

function sourceOf(locked: LockedPackage, form: PylockForm): PylockSource {
  const { source, files } = locked;
  switch (source.kind) {
    case "git": {
      const { url, commit, reference, subdirectory } = source;
      return {
        kind: "vcs",
        type: "git",
        url,
        commitId: commit,
        ...(reference !== undefined && { requestedRevision: reference }),
        ...(subdirectory !== undefined && { subdirectory }),
      };
    }
    case "member":
      return directory(form, source.path, true);
    case "path": {
      const { subdirectory, isEditable = false } = source;
      const more = subdirectory === undefined ? {} : { subdirectory };
      return files.length === 0
        ? { ...directory(form, source.path, isEditable), ...more }
        : { kind: "archive", ...contentOf(locked, files[0]!, form), ...more };
    }
    case "url": {
      const [file] = files;
      if (file === undefined) throw incomplete(locked, "has no file that could be installed");
      const { subdirectory } = source;
      return { kind: "archive", ...contentOf(locked, file, form), ...(subdirectory !== undefined && { subdirectory }) };
    }
    default:
      return releaseOf(locked, form);
  }
}

/** All wheels and one sdist. An sdist that is no such by its name can only stand for itself. */
function releaseOf(locked: LockedPackage, form: PylockForm): PylockSource {
  const { files } = locked;
  const wheels = files.filter(({ kind }) => kind === "wheel");
  const sdists = files.filter(({ kind }) => kind === "sdist");
  const sdist =
    sdists.find(({ filename }) => filename.endsWith(".tar.gz") && isStandard(filename)) ??
    sdists.find(({ filename }) => isStandard(filename));
  const [legacy] = sdists;
  if (wheels.length === 0 && sdist === undefined) {
    if (legacy === undefined) throw incomplete(locked, "has no file that could be installed");
    return { kind: "archive", ...contentOf(locked, legacy, form) };
  }
  return {
    kind: "files",
    ...(sdist && { sdist: fileOf(locked, sdist, form) }),
    wheels: wheels.map((wheel) => fileOf(locked, wheel, form)),
  };
}

function isStandard(filename: string): boolean {
  try {
    parseSdistFilename(filename);
    return true;
  } catch (error) {
    if (error instanceof InvalidSyntax) return false;
    throw error;
  }
}

const fileOf = (locked: LockedPackage, file: DistributionFile, form: PylockForm): PylockFile => ({
  filename: file.filename,
  ...contentOf(locked, file, form),
});

function contentOf(locked: LockedPackage, file: DistributionFile, { folder }: PylockForm) {
  const { filename, url, sha256, sizeBytes, uploadedAtMs } = file;
  if (sha256 === undefined) throw incomplete(locked, `has no hash for ${filename}`);
  const local = pathOfUrl(url);
  return {
    ...(local === undefined ? { url } : { path: relativeTo(folder, local) }),
    ...(sizeBytes !== undefined && { sizeBytes }),
    ...(uploadedAtMs !== undefined && { uploadedAtMs }),
    hashes: { sha256 },
  };
}
