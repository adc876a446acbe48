import type { ResolutionPolicy } from "../../plugin-api/model/resolution.ts";
import { DEFAULT_POLICY } from "../../plugin-api/model/resolution.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import type { Release } from "../harness/release.ts";

/** A package universe with a question. */
export interface Scenario {
  readonly root?: {
    readonly requires?: readonly string[];
    readonly requires_python?: string;
    readonly optional?: Readonly<Record<string, readonly string[]>>;
    readonly groups?: Readonly<Record<string, readonly string[]>>;
  };
  readonly packages?: Readonly<Record<string, { readonly versions?: Readonly<Record<string, ScenarioRelease>> }>>;
  readonly resolver_options?: {
    readonly python?: string;
    readonly prereleases?: boolean;
    readonly no_build?: readonly string[];
    readonly no_binary?: readonly string[];
    readonly resolution?: ResolutionPolicy["resolution"];
    readonly python_platform?: string;
    readonly universal?: boolean;
    readonly environments?: readonly string[];
    readonly required_environments?: readonly string[];
    readonly fork_strategy?: "requires-python" | "fewest";
    readonly constraints?: readonly string[];
    readonly overrides?: readonly string[];
    readonly exclusions?: readonly string[];
    /** Extras and groups that are never chosen together. */
    readonly conflicts?: readonly (readonly { readonly extra?: string; readonly group?: string }[])[];
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

/** A release without `requires_python` runs on 3.12 and newer only; both kinds of file exist unless it says otherwise. */
export function releasesOf({ packages = {} }: Scenario): Release[] {
  return Object.entries(packages).flatMap(([name, { versions = {} }]) =>
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

export function policyOf({ resolver_options: options = {} }: Scenario): ResolutionPolicy {
  return {
    ...DEFAULT_POLICY,
    resolution: options.resolution ?? "highest",
    prerelease: options.prereleases ? "allow" : DEFAULT_POLICY.prerelease,
    noBuild: (options.no_build ?? []).map(normalizeName),
    noBinary: (options.no_binary ?? []).map(normalizeName),
  };
}
