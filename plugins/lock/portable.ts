import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * A URL of something on this machine relative to the lock's folder: `file:../lib#subdirectory=x`, so that the lock is the same in
 * every place the project is put. Any other URL as it is.
 */
export function relativeUrl(url: string, base: string): string {
  if (!url.startsWith("file:///")) return url;
  const [address = "", ...fragment] = url.split("#");
  const relative = path.relative(base, fileURLToPath(address)).split(path.sep).join("/");
  return [`file:${relative === "" ? "." : relative}`, ...fragment].join("#");
}

/** The opposite of `relativeUrl`. */
export function absoluteUrl(url: string, base: string): string {
  if (!url.startsWith("file:") || url.startsWith("file:///")) return url;
  const [address = "", ...fragment] = url.slice("file:".length).split("#");
  return [pathToFileURL(path.resolve(base, address)).href, ...fragment].join("#");
}
