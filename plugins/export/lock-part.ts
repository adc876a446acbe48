import { type JsonObject, lockJson } from "../../plugin-api/lock/json.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";
import type { Contents } from "./contents.ts";

/** The part of the lock that is exported, as JSON (SPEC LOCK-04); markers are those of the export. */
export function partJson({ lock, packages, roots }: Contents, path: string): JsonObject {
  const places = new Map(packages.map(({ index }, place) => [index, place]));
  const isHere = ({ to }: { readonly to: number }): boolean => places.has(to);
  const moved = <T extends { readonly to: number }>(each: T): T => ({ ...each, to: places.get(each.to)! });
  const part: Lock = {
    ...lock,
    packages: packages.map(({ locked, marker }) => ({
      ...locked,
      marker,
      dependencies: locked.dependencies.filter(isHere).map(moved),
    })),
    roots: roots.filter(isHere).map(moved),
  };
  return lockJson(part, { path });
}
