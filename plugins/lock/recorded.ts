import type { ConflictItem, RootDemand, RootOwner } from "../../plugin-api/model/lock.ts";
import type { Demand, IndexPin, PackageName } from "../../plugin-api/model/requirement.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { type AskedIndex, type Facts, INDEX_PINS, PLATFORM, ROOTS, settingsIn } from "./facts.ts";
import type { LockInputs } from "./inputs.ts";
import { readPlatform } from "./platform.ts";
import { absoluteUrl } from "./portable.ts";

/** The inputs that facts tell of: what `inputsOfProject` made them from, but for the lines in files. */
export function inputsOfFacts(facts: Facts, base: string, origin: string): LockInputs {
  const settings = settingsIn(facts);
  const lines = (key: string) => (settings[key] ?? "").split("\n").filter((line) => line !== "");
  const demands = (texts: readonly string[]): readonly Demand[] => texts.map((text) => demandOf(text, base, origin));
  const owned = [...facts]
    .filter(([key]) => key.startsWith(ROOTS))
    .map(([key, value]) => ({ key, owner: ownerOf(key), value }));
  const pins = listIn(settings[INDEX_PINS]) as readonly (IndexPin | AskedIndex)[];
  const asked = pins.filter((pin) => "owner" in pin);
  const roots = owned.flatMap(({ key, owner, value }): readonly RootDemand[] =>
    demands(value.split("\n").filter((line) => line !== "")).map((demand) => {
      const index = asked.find((each) => each.owner === key && each.words === demand.text)?.index;
      return { owner, demand: index === undefined ? demand : fromIndex(demand, index) };
    }),
  );
  return {
    base,
    isWorkspace: owned.some(({ owner }) => owner.kind === "member"),
    roots,
    own: [],
    dynamic: [],
    constraints: demands(lines("constraints")),
    overrides: demands(lines("overrides")),
    exclusions: lines("exclude-dependencies") as PackageName[],
    requiresPython: settings["requires-python"] ?? "",
    environments: lines("environments"),
    requiredEnvironments: lines("required-environments"),
    conflicts: listIn(settings["conflicts"]) as readonly (readonly ConflictItem[])[],
    indexPins: pins.filter((pin) => "name" in pin),
    forkStrategy: settings["fork-strategy"] === "fewest" ? "fewest" : "requires-python",
    editable: new Set(),
    ...(settings[PLATFORM] !== undefined && { platform: readPlatform(settings[PLATFORM]) }),
    ...(settings["exclude-newer"] !== undefined && { excludeNewer: settings["exclude-newer"] }),
    facts,
  };
}

const listIn = (json = "[]"): readonly unknown[] => JSON.parse(json) as readonly unknown[];
const fromIndex = (demand: Demand, index: string): Demand => ({
  ...demand,
  requirement: { ...demand.requirement, index },
});

function demandOf(text: string, base: string, origin: string): Demand {
  const requirement = parseRequirement(text);
  const { url } = requirement;
  return {
    requirement: url === undefined ? requirement : { ...requirement, url: absoluteUrl(url, base) },
    text,
    origin,
  };
}

function ownerOf(key: string): RootOwner {
  const [kind, name = "", member = ""] = key.slice(ROOTS.length).split("/");
  return { kind: kind as RootOwner["kind"], name, member: member as PackageName | "" };
}
