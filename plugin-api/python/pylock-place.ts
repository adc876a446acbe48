import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { InvalidSyntax } from "../error.ts";

/**
 * The absolute URL of a file, folder or repository that a standard lock names (PEP 751): its `path`, relative to the lock,
 * before its `url`. `lock` is the lock's own URL, `file:` or `https:`. Throws InvalidSyntax where a lock from a server names
 * a place on this machine: whoever wrote it could choose which file is taken for a package.
 */
export function pylockPlace(place: { readonly url?: string; readonly path?: string }, lock: string): string {
  const isLocal = lock.startsWith("file:");
  if (place.path === undefined) {
    const url = place.url ?? "";
    if (!isLocal && /^(?:git\+)?file:/i.test(url)) throw foreign(url);
    return url;
  }
  if (isLocal) return pathToFileURL(path.resolve(path.dirname(fileURLToPath(lock)), place.path)).href;
  const relative = place.path.replaceAll("\\", "/");
  if (/^(?:\/|[a-z]:|file:)/i.test(relative)) throw foreign(place.path);
  return new URL(relative.split("/").map(encodeURIComponent).join("/"), lock).href;
}

const foreign = (place: string): InvalidSyntax =>
  new InvalidSyntax(`\`${place}\` is on this machine, and the lock that names it is not`);
