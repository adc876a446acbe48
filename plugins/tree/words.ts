import type { LockedPackage } from "../../plugin-api/model/lock.ts";
import type { Extra } from "../../plugin-api/model/requirement.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import type { Link, OwnLink } from "./graph.ts";

/** `httpx[http2]`. */
export const nameWith = (name: string, extras: readonly Extra[]): string =>
  extras.length === 0 ? name : `${name}[${extras.join(",")}]`;

/** `httpx 0.28.1`; the name alone where the version is not known. */
export const versioned = (name: string, version: string): string => (version === "" ? name : `${name} ${version}`);

/** ` (extra cli)`, ` (groups dev, lint)`: the parts of the project, or the extra of a package, that ask. */
export function askedBy(link: Link | OwnLink): string {
  if (!("parts" in link)) return link.asking === "" ? "" : ` (extra ${link.asking})`;
  if (link.parts[0].kind === "base") return "";
  const words = (["extra", "group"] as const).flatMap((kind) => {
    const names = link.parts.flatMap((part) => (part.kind === kind ? [part.name] : []));
    return names.length === 0 ? [] : [`${kind}${names.length > 1 ? "s" : ""} ${names.join(", ")}`];
  });
  return ` (${words.join(", ")})`;
}

/** Where a package comes from when not from an index: `git+URL@1a2b3c4d`, a URL, a path. */
export function originOf({ source }: LockedPackage, place: Parameters<typeof showPath>[1]): string {
  if (source.kind === "git") return `git+${source.url}@${source.commit.slice(0, 8)}`;
  if (source.kind === "url") return source.url;
  return source.kind === "path" || source.kind === "member" ? showPath(source.path, place) : "";
}
