import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { PybunError } from "../../plugin-api/error.ts";
import type { MarkerEnvironment, Target } from "../../plugin-api/model/interpreter.ts";
import type { Request, Resolution } from "../../plugin-api/model/resolution.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import resolve from "../../plugins/resolver/resolve.ts";
import { fakeIndex } from "../harness/fake-index.ts";
import { attempted, type CaseResult, judged, type Kind, skipped } from "./kind.ts";
import { checkLock, type Selection } from "./resolver-lock.ts";
import { policyOf, releasesOf, type Scenario } from "./scenario.ts";
import { targetOn } from "./target.ts";

// Package universes with the expected answer: `scenarios/GROUP/NAME.toml` and `expected.json`. Those that ask for an answer
// for all environments say what is to be installed in those of `environments.json`.

export interface Expected {
  readonly mode: "install" | "compile" | "lock";
  readonly python: string;
  readonly ok: boolean;
  readonly packages?: Readonly<Record<string, unknown>>;
  readonly downloaded?: readonly string[];
  readonly requires_python?: string;
  readonly selections?: readonly Selection[];
}

export const resolver: Kind = {
  name: "resolver",
  claims: (folder) =>
    fs.existsSync(path.join(folder, "expected.json")) && fs.existsSync(path.join(folder, "scenarios")),
  run: checkResolver,
};

/** Runs every scenario of the folder. */
export async function checkResolver(folder: string): Promise<readonly CaseResult[]> {
  const read = (file: string): unknown => JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"));
  const { scenarios } = read("expected.json") as { readonly scenarios: Readonly<Record<string, Expected>> };
  const environments = fs.existsSync(path.join(folder, "environments.json")) ? read("environments.json") : {};
  const results: CaseResult[] = [];
  for (const [name, expected] of Object.entries(scenarios)) {
    results.push(
      await attempted(name, () => {
        const text = fs.readFileSync(path.join(folder, "scenarios", `${name}.toml`), "utf8");
        const scenario = parse(text) as unknown as Scenario;
        const { mode } = expected;
        const isUniversal = mode === "lock" || (mode === "compile" && scenario.resolver_options?.universal === true);
        return isUniversal
          ? runLock(name, scenario, { expected, environments: environments as Environments })
          : runScenario(name, scenario, expected);
      }),
    );
  }
  return results;
}

type Environments = Readonly<Record<string, MarkerEnvironment>>;

async function runLock(
  name: string,
  scenario: Scenario,
  { expected, environments }: { readonly expected: Expected; readonly environments: Environments },
): Promise<CaseResult> {
  const requiresPython =
    expected.mode === "compile" ? expected.requires_python : (scenario.root?.requires_python ?? ">=3.12");
  return judged(name, await checkLock(scenario, { ...expected, requiresPython: requiresPython ?? "", environments }));
}

async function runScenario(name: string, scenario: Scenario, expected: Expected): Promise<CaseResult> {
  const { python, python_platform: platform } = scenario.resolver_options ?? {};
  const target = targetOn(platform, python ?? expected.python);
  if (!target) return skipped(name, `the platform ${platform} is not known here`);
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

function requestFor(scenario: Scenario, target: Target): Request {
  const { requires = [] } = scenario.root ?? {};
  return {
    demands: requires.map((text) => ({ requirement: parseRequirement(text), text, origin: "command line" })),
    target,
    policy: policyOf(scenario),
  };
}
