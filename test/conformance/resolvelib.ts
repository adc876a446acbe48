import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { DEFAULT_POLICY, type Request } from "../../plugin-api/model/resolution.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import resolve from "../../plugins/resolver/resolve.ts";
import { type FakeIndex, fakeIndex, linuxTarget } from "../harness/fake-index.ts";
import type { Release } from "../harness/release.ts";
import { attempted, type CaseResult, judged, type Kind } from "./kind.ts";

// Frozen indexes: `expected.json`, `case/NAME.json` and `index/NAME.json`.

interface Expected {
  readonly ok: boolean;
  readonly packages?: Readonly<Record<string, string>>;
  readonly index: string;
  readonly requested: readonly string[];
}

interface Case {
  /** Versions that a good resolver never looks at. */
  readonly unvisited?: Readonly<Record<string, readonly string[]>>;
  /** Names that clash where there is no solution. */
  readonly conflicted?: Readonly<Record<string, unknown>>;
}

export const resolvelib: Kind = {
  name: "resolvelib",
  claims: (folder) => ["expected.json", "case", "index"].every((entry) => fs.existsSync(path.join(folder, entry))),
  run: checkResolvelib,
};

/** Runs every case of the folder, for CPython 3.11 on Linux. */
export async function checkResolvelib(folder: string): Promise<readonly CaseResult[]> {
  const read = (...names: string[]): unknown => JSON.parse(fs.readFileSync(path.join(folder, ...names), "utf8"));
  const { cases } = read("expected.json") as { readonly cases: Readonly<Record<string, Expected>> };
  const results: CaseResult[] = [];
  for (const [name, expected] of Object.entries(cases)) {
    results.push(
      await attempted(name, async () => {
        const releases = releasesOf(read("index", `${expected.index}.json`) as FrozenIndex);
        const index = fakeIndex({ indexes: { frozen: releases } });
        return judged(name, await complaints(index, expected, read("case", `${name}.json`) as Case));
      }),
    );
  }
  return results;
}

type FrozenIndex = Readonly<Record<string, Readonly<Record<string, { readonly dependencies?: unknown }>>>>;

function releasesOf(index: FrozenIndex): Release[] {
  // One of the indexes has a key beside the projects whose value is no table.
  const projects = Object.entries(index).filter(([, versions]) => typeof versions === "object");
  return projects.flatMap(([name, versions]) =>
    Object.entries(versions).map(([version, { dependencies }]) => ({
      name,
      version,
      // An empty table stands for an empty list somewhere.
      requires: Array.isArray(dependencies) ? (dependencies as readonly string[]) : [],
    })),
  );
}

/** More is slow, on any machine. */
const LONGEST_MS = 2000;

async function complaints(index: FakeIndex, expected: Expected, { unvisited, conflicted }: Case): Promise<string[]> {
  const started = performance.now();
  try {
    const resolution = await resolve(requestFor(expected.requested), index.session);
    const tookMs = performance.now() - started;
    if (tookMs > LONGEST_MS) return [`takes ${Math.round(tookMs)} ms`];
    const got = Object.fromEntries((resolution?.pins ?? []).map((pin) => [pin.name as string, pin.version]));
    if (!expected.ok) return [`should have no answer, but got ${JSON.stringify(got)}`];
    return [...differences(got, expected.packages ?? {}), ...visits(index, unvisited ?? {})];
  } catch (error) {
    if (!(error instanceof PybunError) || !error.code.startsWith("E_RESOLVE_")) throw error;
    if (expected.ok) return [`${error.code}: ${error.message}`];
    const said = [error.message, ...(error.detail.evidence ?? [])].join("\n");
    return Object.keys(conflicted ?? {}).flatMap((name) =>
      said.includes(name) ? [] : [`${name} is not named: ${said}`],
    );
  }
}

function differences(got: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): string[] {
  const names = [...new Set([...Object.keys(got), ...Object.keys(wanted)])].sort();
  const key = (version: string | undefined): string | undefined => version && versionKey(version);
  return names.flatMap((name) =>
    key(got[name]) === key(wanted[name]) ? [] : [`${name} should be ${wanted[name] ?? "absent"}, got ${got[name]}`],
  );
}

function visits(index: FakeIndex, unvisited: NonNullable<Case["unvisited"]>): string[] {
  return Object.entries(unvisited).flatMap(([name, versions]) =>
    versions
      .filter((version) => index.metadata.includes(`${normalizeName(name)} ${version}`))
      .map((version) => `${name} ${version} should not be looked at`),
  );
}

const requestFor = (requested: readonly string[]): Request => ({
  demands: requested.map((text) => ({ requirement: parseRequirement(text), text, origin: "command line" })),
  target: linuxTarget("3.11.9"),
  policy: DEFAULT_POLICY,
});
