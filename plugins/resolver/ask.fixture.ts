import { PybunError } from "../../plugin-api/error.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import {
  DEFAULT_POLICY,
  type Request,
  type Resolution,
  type ResolutionPolicy,
} from "../../plugin-api/model/resolution.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { type FakeIndex, type FakeIndexOptions, fakeIndex, linuxTarget } from "../../test/harness/fake-index.ts";
import type { Release } from "../../test/harness/release.ts";
import resolve from "./resolve.ts";

/** Releases from lines such as `flask 3.0: werkzeug>=3, jinja2`. */
export function releases(...lines: readonly string[]): Release[] {
  return lines.map((line) => {
    const [head, requires = ""] = line.split(": ", 2) as [string, string?];
    const [name, version] = head.split(" ") as [string, string];
    return { name, version, requires: requires.split(/,\s+/).filter((text) => text !== "") };
  });
}

export interface Asked {
  readonly index: readonly Release[] | Readonly<Record<string, readonly Release[]>>;
  /** Requirements, or a requirement and its origin. */
  readonly demands: readonly (string | readonly [text: string, origin: string])[];
  readonly constraints?: readonly string[];
  readonly overrides?: readonly string[];
  readonly policy?: Partial<ResolutionPolicy>;
  readonly preferences?: Readonly<Record<string, string>>;
  readonly python?: string;
  readonly failure?: (release: Release) => Error | undefined;
  readonly delay?: FakeIndexOptions["delay"];
  readonly isAtHand?: FakeIndexOptions["isAtHand"];
  /** What was typed. */
  readonly argv?: readonly string[];
}

export interface Answered {
  readonly index: FakeIndex;
  /** Undefined when the request failed. */
  readonly resolution: Resolution | undefined;
  readonly error: PybunError | undefined;
  /** `name version` of each pin. */
  readonly pins: readonly string[];
}

export async function ask(asked: Asked): Promise<Answered> {
  const indexes = Array.isArray(asked.index) ? { company: asked.index } : (asked.index as Record<string, Release[]>);
  const { failure, delay, isAtHand, argv } = asked;
  const how = { ...(failure && { failure }), ...(delay && { delay }), ...(isAtHand && { isAtHand }) };
  const index = fakeIndex({ indexes, ...how, ...(argv && { argv }) });
  try {
    const resolution = (await resolve(requestOf(asked), index.session)) as Resolution;
    return { index, resolution, error: undefined, pins: resolution.pins.map((pin) => `${pin.name} ${pin.version}`) };
  } catch (error) {
    if (!(error instanceof PybunError)) throw error;
    return { index, resolution: undefined, error, pins: [] };
  }
}

function requestOf({ demands, constraints, overrides, policy, preferences, python }: Asked): Request {
  const demand = (said: string | readonly [string, string], origin: string) => {
    const [text, place] = typeof said === "string" ? [said, origin] : said;
    return { requirement: parseRequirement(text), text, origin: place };
  };
  return {
    demands: demands.map((one) => demand(one, "command line")),
    constraints: (constraints ?? []).map((one, i) => demand(one, `limits.txt:${i + 1}`)),
    overrides: (overrides ?? []).map((one, i) => demand(one, `overrides.txt:${i + 1}`)),
    target: linuxTarget(python ?? "3.12.4"),
    policy: { ...DEFAULT_POLICY, ...policy },
    ...(preferences ? { preferences: new Map(Object.entries(preferences)) as Map<PackageName, string> } : {}),
  };
}
