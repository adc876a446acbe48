import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { sha256Of } from "../../plugin-api/hash/native.ts";

/** Files of a source tree that decide what it requires. What a backend reads beside them can't be known without it. */
const DECIDING = ["pyproject.toml", "setup.py", "setup.cfg", "PKG-INFO"];

/**
 * What the folders and archives on this machine that a project requires say of themselves: path relative to `base` -> digest.
 * Places are paths or `file:` URLs.
 */
export function localState(places: readonly string[], base: string): Record<string, string> {
  const states = new Map<string, string>();
  for (const place of places) {
    const file = place.startsWith("file:") ? fileURLToPath(place.replace(/#.*$/s, "")) : place;
    const below = /#(?:.*&)?subdirectory=([^&]*)/.exec(place)?.[1] ?? "";
    const folder = path.join(file, below);
    const relative = path.relative(base, folder).split(path.sep).join("/");
    states.set(relative === "" ? "." : relative, digestOf(file, folder));
  }
  return Object.fromEntries([...states].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function digestOf(file: string, folder: string): string {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return "absent";
  if (stat.isFile()) return sha256Of(fs.readFileSync(file));
  const parts = DECIDING.flatMap((name) => {
    const deciding = path.join(folder, name);
    return fs.existsSync(deciding) ? [Buffer.from(`${name}\0`), fs.readFileSync(deciding), Buffer.from("\0")] : [];
  });
  return sha256Of(Buffer.concat(parts));
}

/** The files whose change changes the state of a place. */
export function localFiles(place: string): readonly string[] {
  const file = fileURLToPath(place.replace(/#.*$/s, ""));
  const below = /#(?:.*&)?subdirectory=([^&]*)/.exec(place)?.[1] ?? "";
  return [file, ...DECIDING.map((name) => path.join(file, below, name))];
}
