import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { PybunError } from "../../plugin-api/error.ts";
import type { Target } from "../../plugin-api/model/interpreter.ts";
import { DEFAULT_POLICY, type Request, type Resolution } from "../../plugin-api/model/resolution.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import resolve from "../../plugins/resolver/resolve.ts";
import { fakeIndex, linuxTarget } from "../harness/fake-index.ts";
import type { Release } from "../harness/release.ts";
import { type CaseResult, judged, type Kind, skipped } from "./kind.ts";

// Package universes with the expected answer: `scenarios/GROUP/NAME.toml` and `expected.json`. Those that ask for one
// environment are run; those that ask for an answer for all platforms need a universal resolver.

interface Scenario {
  readonly root: { readonly requires: readonly string[] };
  readonly packages: Readonly<Record<string, { readonly versions: Readonly<Record<string, ScenarioRelease>> }>>;
  readonly resolver_options?: {
    readonly python?: string;
    readonly prereleases?: boolean;
    readonly no_build?: readonly string[];
    readonly no_binary?: readonly string[];
    readonly resolution?: Request["policy"]["resolution"];
    readonly python_platform?: string;
    readonly universal?: boolean;
  };
}

interface ScenarioRelease {
  readonly requires?: readonly string[];
  readonly requires_python?: string;
  readonly extras?: Readonly<Record<string, readonly string[]>>;
  readonly sdist?: boolean;
  readonly wheel?: boolean;
  readonly wheel_tags?: readonly string[];
  readonly yanked?: boolean;
}

interface Expected {
  readonly mode: "install" | "compile" | "lock";
  readonly python: string;
  readonly ok: boolean;
  readonly packages?: Readonly<Record<string, unknown>>;
  readonly downloaded?: readonly string[];
}

export const resolver: Kind = {
  name: "resolver",
  claims: (folder) =>
    fs.existsSync(path.join(folder, "expected.json")) && fs.existsSync(path.join(folder, "scenarios")),
  run: checkResolver,
};

/** Runs every scenario of the folder. */
export async function checkResolver(folder: string): Promise<readonly CaseResult[]> {
  const { scenarios } = JSON.parse(fs.readFileSync(path.join(folder, "expected.json"), "utf8")) as {
    readonly scenarios: Readonly<Record<string, Expected>>;
  };
  const results: CaseResult[] = [];
  for (const [name, expected] of Object.entries(scenarios)) {
    const file = path.join(folder, "scenarios", `${name}.toml`);
    results.push(await runScenario(name, parse(fs.readFileSync(file, "utf8")) as unknown as Scenario, expected));
  }
  return results;
}

async function runScenario(name: string, scenario: Scenario, expected: Expected): Promise<CaseResult> {
  const target = targetFor(scenario, expected);
  if (expected.mode === "lock" || scenario.resolver_options?.universal) {
    return skipped(name, "asks for all platforms at once");
  }
  if (!target) return skipped(name, `the platform ${scenario.resolver_options?.python_platform} is not known here`);
  const index = fakeIndex({ indexes: { company: releasesOf(scenario) } });
  try {
    return judged(name, complaints(await resolveOn(index, requestFor(scenario, target)), expected));
  } catch (error) {
    if (!(error instanceof PybunError) || !error.code.startsWith("E_RESOLVE_")) throw error;
    return judged(name, expected.ok ? [`${error.code}: ${error.message}`] : []);
  }
}

async function resolveOn(index: ReturnType<typeof fakeIndex>, request: Request): Promise<Resolution> {
  const resolution = await resolve(request, index.session);
  if (!resolution) throw new Error("the resolver declined");
  return resolution;
}

function complaints(resolution: Resolution, expected: Expected): string[] {
  const got = Object.fromEntries(resolution.pins.map((pin) => [pin.name as string, pin.version]));
  const files = resolution.pins.map((pin) => pin.file.filename).sort();
  if (!expected.ok) return [`should have no answer, but got ${JSON.stringify(got)}`];
  const wanted = Object.fromEntries(Object.entries(expected.packages ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
  const found: string[] = [];
  if (JSON.stringify(got) !== JSON.stringify(wanted)) {
    found.push(`should be ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`);
  }
  const downloaded = expected.downloaded?.toSorted();
  if (downloaded && downloaded.join() !== files.join())
    found.push(`should take ${downloaded.join()}, got ${files.join()}`);
  return found;
}

function requestFor({ root, resolver_options: options = {} }: Scenario, target: Target): Request {
  return {
    demands: root.requires.map((text) => ({ requirement: parseRequirement(text), text, origin: "command line" })),
    target,
    policy: {
      ...DEFAULT_POLICY,
      resolution: options.resolution ?? "highest",
      prerelease: options.prereleases ? "allow" : DEFAULT_POLICY.prerelease,
      noBuild: (options.no_build ?? []).map(normalizeName),
      noBinary: (options.no_binary ?? []).map(normalizeName),
    },
  };
}

/** A release without `requires_python` runs on 3.12 and newer only; both kinds of file exist unless it says otherwise. */
function releasesOf({ packages }: Scenario): Release[] {
  return Object.entries(packages).flatMap(([name, { versions }]) =>
    Object.entries(versions).map(([version, release]) => ({
      name,
      version,
      requires: release.requires ?? [],
      extras: release.extras ?? {},
      "requires-python": release.requires_python ?? ">=3.12",
      yanked: release.yanked ?? false,
      sdist: release.sdist ?? true,
      tags: release.wheel === false ? [] : (release.wheel_tags ?? ["py3-none-any"]),
    })),
  );
}

function targetFor({ resolver_options: options }: Scenario, { python }: Expected): Target | undefined {
  const asked = options?.python ?? python;
  const target = linuxTarget(asked.split(".").length === 2 ? `${asked}.0` : asked);
  if (options?.python_platform === undefined) return target;
  const glibc = /^x86_64-manylinux(?:_2_(\d+)|(2014))$/.exec(options.python_platform);
  if (!glibc) return undefined;
  return {
    ...target,
    tags: { ...target.tags, libc: { kind: "glibc", version: [2, Number(glibc[1] ?? 17)] } },
  };
}
