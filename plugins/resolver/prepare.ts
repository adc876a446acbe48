import { InvalidSyntax } from "../../plugin-api/error.ts";
import { readIndexPins } from "../../plugin-api/index-pins.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import { DEFAULT_POLICY, type Request, type ResolutionPolicy } from "../../plugin-api/model/resolution.ts";
import type { Values } from "../../plugin-api/option.ts";
import type { Prepare } from "../../plugin-api/plugin.ts";
import { evaluateMarker } from "../../plugin-api/python/marker.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { SettingsTable } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { type CutOffs, cutOffsOf, invalid, originOf } from "./cut-offs.ts";
import { urlsBehind } from "./look-ahead.ts";
import { settings as specs } from "./settings.ts";

type Settings = Values<typeof specs>;

type Open = Pick<Request, "constraints" | "overrides" | "policy" | "indexPins">;

/** Lets the settings decide what a request leaves open, and finds out where its direct references lead. */
const prepare: Prepare<"resolve"> = async (request, session) => {
  const { demands, interpreter } = request;
  const rest = await settled(request, session);
  const isAlone = request.policy.ignoresDependencies === true;
  const applies = (marker: string): boolean => evaluateMarker(marker, request.target.markers);
  const looking = { applies, ...(interpreter && { interpreter }) };
  const behind = isAlone ? [] : await urlsBehind(demands, looking, session);
  return { ...request, ...rest, constraints: [...rest.constraints, ...behind] };
};
export default prepare;

/** What a request leaves open, as the settings have it. */
export async function settled(
  { constraints, overrides, policy, indexPins }: Open,
  session: Session,
): Promise<Required<Open>> {
  return {
    indexPins: indexPins ?? readIndexPins((await session.use(SettingsTable)).get("sources")?.value),
    constraints: added(constraints, await demandsOf("constraints", session)),
    overrides: added(overrides, await demandsOf("overrides", session)),
    policy: policyOf(policy, settingsOf(session, specs), await cutOffsOf(session)),
  };
}

/** What the settings say and the request does not say itself. */
const added = (own: readonly Demand[] = [], others: readonly Demand[]): readonly Demand[] => [
  ...own,
  ...others.filter(({ text }) => !own.some((demand) => demand.text === text)),
];

function policyOf(
  policy: ResolutionPolicy,
  settings: Settings,
  { excludeNewerMs, ...rest }: CutOffs,
): ResolutionPolicy {
  const cutOffs = [policy.excludeNewerMs, excludeNewerMs].filter((time) => time !== undefined);
  return {
    resolution: policy.resolution === DEFAULT_POLICY.resolution ? settings.resolution : policy.resolution,
    prerelease: policy.prerelease === DEFAULT_POLICY.prerelease ? settings.prerelease : policy.prerelease,
    prefersBinary: policy.prefersBinary || settings.preferBinary,
    noBuild: [...policy.noBuild, ...namesOf(settings.noBuild, settings.noBuildPackage)],
    noBinary: [...policy.noBinary, ...namesOf(settings.noBinary, settings.noBinaryPackage)],
    ...(policy.ignoresDependencies && { ignoresDependencies: true }),
    ...(policy.prereleasesOf && { prereleasesOf: policy.prereleasesOf }),
    ...rest,
    ...(policy.excludeNewerPackages && { excludeNewerPackages: policy.excludeNewerPackages }),
    ...(cutOffs.length > 0 ? { excludeNewerMs: Math.min(...cutOffs) } : {}),
  };
}

const ALL = ":all:";
/** pip's lists may say `:all:` and `:none:`, which takes back what stands before it. */
function namesOf(isAll: boolean, names: readonly string[]): readonly string[] {
  const listed = names.slice(names.lastIndexOf(":none:") + 1).filter((name) => name !== "");
  return [...(isAll ? [ALL] : []), ...listed.map((name) => (name === ALL ? name : normalizeName(name)))];
}

async function demandsOf(key: "constraints" | "overrides", session: Session): Promise<readonly Demand[]> {
  const texts = settingsOf(session, specs)[key];
  if (texts.length === 0) return [];
  const { name, line } = await originOf(key, session);
  const origin = line === undefined ? name : `${name}:${line}`;
  try {
    return texts.map((text) => ({ requirement: parseRequirement(text), text, origin }));
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    throw await invalid(key, `lists what is no requirement: ${error.message}`, session);
  }
}
