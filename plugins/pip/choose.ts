import { type Target, targetOf } from "../../plugin-api/model/interpreter.ts";
import type { Demand, PackageName } from "../../plugin-api/model/requirement.ts";
import type { Pin, Request } from "../../plugin-api/model/resolution.ts";
import { evaluateMarker } from "../../plugin-api/python/marker.ts";
import type { RequirementsOptions } from "../../plugin-api/python/requirements-file-options.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import type { Asked } from "../../plugin-api/requirements/asked.ts";
import { allowedHashes } from "../../plugin-api/requirements/hashes.ts";
import { requirementsPolicy } from "../../plugin-api/requirements/policy.ts";
import type { Session } from "../../plugin-api/session.ts";
import { byName, type Distribution } from "./distributions.ts";
import type { Place } from "./place.ts";
import { presentPages } from "./present.ts";
import { type Satisfied, satisfiedBy } from "./satisfied.ts";

/** How pip's options have it chosen. */
export interface Choosing {
  readonly upgrade: boolean;
  readonly upgradeStrategy: "only-if-needed" | "eager";
  readonly forceReinstall: boolean;
  readonly ignoreInstalled: boolean;
  readonly noDeps: boolean;
}

export interface Chosen {
  /** What has to be put in. */
  readonly install: readonly Pin[];
  /** All that the resolution is made of; empty where nothing had to be looked up. */
  readonly pins: readonly Pin[];
  readonly satisfied: readonly Satisfied[];
}

export interface Question {
  readonly asked: readonly Asked[];
  readonly options: RequirementsOptions;
  readonly place: Place;
  /** What is found by the Python that is installed for. */
  readonly installed: readonly Distribution[];
  readonly choosing: Choosing;
  /** For whom it is, when that is not the interpreter. */
  readonly target?: Target | undefined;
}

/** What has to be installed so that all that is asked for holds. Throws what the stage `resolve` throws. */
export async function choose(
  { asked, options, place, installed, choosing, target = targetOf(place.interpreter) }: Question,
  session: Session,
): Promise<Chosen> {
  const { interpreter } = place;
  const of = (isConstraint: boolean) => asked.filter(({ entry }) => entry.isConstraint === isConstraint);
  const demands = of(false).map(({ demand }) => demand);
  const constraints = of(true).map(({ demand }) => demand);
  const { markers } = target;
  if (!demands.some(({ requirement }) => evaluateMarker(requirement.marker, markers)))
    return { install: [], pins: [], satisfied: [] };
  const countsInstalled = !choosing.forceReinstall && !choosing.ignoreInstalled && place.kind !== "target";
  const present = countsInstalled
    ? byName(installed.filter(({ isLost }) => !isLost))
    : new Map<PackageName, Distribution>();
  const ignoresDependencies = choosing.noDeps;
  const satisfied = choosing.upgrade
    ? undefined
    : satisfiedBy(present, { demands, constraints, markers, ignoresDependencies });
  if (satisfied) return { install: [], pins: [], satisfied };
  const request: Request = {
    demands,
    constraints,
    target,
    interpreter,
    preferences: preferencesOf(present, demands, choosing),
    present: presentPages([...present.values()]),
    hashes: new Map([...allowedHashes(asked)].map(([name, { sha256 }]) => [name, sha256])),
    policy: requirementsPolicy(options, [...demands, ...constraints], ignoresDependencies),
  };
  const { pins } = await session.run("resolve", request);
  const install = pins.filter((pin) => isToInstall(pin, present.get(pin.name), choosing));
  const names = new Set(install.map(({ name }) => name));
  return {
    install,
    pins,
    satisfied: met(
      pins.filter(({ name }) => !names.has(name)),
      { demands, present },
    ),
  };
}

/** What is installed is kept as long as it fits, but for what was named to be upgraded. */
function preferencesOf(
  present: ReadonlyMap<PackageName, Distribution>,
  demands: readonly Demand[],
  { upgrade, upgradeStrategy }: Choosing,
): ReadonlyMap<PackageName, string> {
  if (upgrade && upgradeStrategy === "eager") return new Map();
  const named = new Set(upgrade ? demands.map(({ requirement }) => requirement.name) : []);
  return new Map([...present.values()].flatMap(({ name, version }) => (named.has(name) ? [] : [[name, version]])));
}

/** pip's rules: versions are compared, and what lies in a folder is taken to be another each time. */
function isToInstall(pin: Pin, present: Distribution | undefined, { forceReinstall }: Choosing): boolean {
  if (pin.source.kind === "installed") return false;
  if (present === undefined || forceReinstall) return true;
  if (versionKey(present.version) !== versionKey(pin.version)) return true;
  const { source, file } = pin;
  if (source.kind === "index") return false;
  const { directUrl } = present;
  const isEditable = source.kind === "path" && source.isEditable === true;
  const wasEditable = directUrl?.origin.kind === "directory" && directUrl.origin.isEditable;
  if (isEditable || wasEditable) return true;
  if (source.kind === "git")
    return !(
      directUrl?.origin.kind === "vcs" &&
      directUrl.origin.commitId === source.commit &&
      directUrl.url === source.url
    );
  return source.kind === "path" && file.kind !== "wheel";
}

/** The pins that need not be installed, as pip tells of them. */
function met(
  pins: readonly Pin[],
  {
    demands,
    present,
  }: { readonly demands: readonly Demand[]; readonly present: ReadonlyMap<PackageName, Distribution> },
): readonly Satisfied[] {
  return pins.flatMap(({ name }) => {
    const distribution = present.get(name);
    if (!distribution) return [];
    const own = demands.find(({ requirement }) => requirement.name === name);
    return [{ text: own?.text ?? name, distribution, chain: [] }];
  });
}
