import type { Demand } from "../model/requirement.ts";
import { DEFAULT_POLICY, type ResolutionPolicy } from "../model/resolution.ts";
import type { RequirementsOptions } from "../python/requirements-file-options.ts";
import { parseSpecifier } from "../python/specifier.ts";

/** What options of requirements files say of which releases count. */
export function requirementsPolicy(
  options: RequirementsOptions,
  stated: readonly Demand[],
  ignoresDependencies: boolean,
): ResolutionPolicy {
  const naming = stated.filter(({ requirement }) => parseSpecifier(requirement.specifier).namesPrerelease);
  const prereleasesOf = [...naming.map(({ requirement }) => requirement.name), ...options.allReleases];
  return {
    ...DEFAULT_POLICY,
    noBinary: options.noBinary,
    noBuild: options.onlyBinary,
    prefersBinary: options.prefersBinary,
    ...((options.allowsPrereleases || prereleasesOf.includes(":all:")) && { prerelease: "allow" as const }),
    ...(prereleasesOf.length > 0 && { prereleasesOf }),
    ...(ignoresDependencies && { ignoresDependencies }),
  };
}
