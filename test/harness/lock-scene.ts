import * as assert from "uvu/assert";
import type { Place } from "./project.ts";
import type { Release } from "./release.ts";

/** A small index for locks: `a` requires `shared`, `b` has an extra `more`. */
export const LOCK_PACKAGES: readonly Release[] = [
  { name: "a", version: "1.0", requires: ["shared>=1"] },
  { name: "a", version: "2.0", requires: ["shared>=1"], uploaded: "2026-03-01T00:00:00Z" },
  { name: "b", version: "1.0", extras: { more: ["extra"] } },
  { name: "extra", version: "1.0" },
  { name: "shared", version: "1.0" },
  { name: "shared", version: "1.5" },
  { name: "windows-only", version: "1.0" },
];

/** A pyproject.toml; its dependencies stand on line 5. */
export const projectText = (dependencies: readonly string[], more = "", name = "app"): string =>
  `[project]\nname = "${name}"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(dependencies)}\n${more}`;

/** `pybun lock` that succeeds without a word on standard error; the text printed, times as words. */
export async function lockIn(place: Place, ...words: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await place.run(["lock", ...words]);
  assert.equal([exitCode, stderr], [0, ""], stdout);
  return place.normalize(stdout);
}

/** Name -> version of what a lock holds, as it is read by `lock --json`. */
export async function lockedVersions(place: Place, ...words: string[]): Promise<Record<string, string>> {
  const { stdout } = await place.run(["lock", "--json", ...words]);
  const { packages } = JSON.parse(stdout) as { packages: readonly { name: string; version: string }[] };
  return Object.fromEntries(packages.map(({ name, version }) => [name, version]));
}
