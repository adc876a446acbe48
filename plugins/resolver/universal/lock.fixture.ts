import { PybunError } from "../../../plugin-api/error.ts";
import type { ConflictItem, Lock, LockRequest, RootOwner } from "../../../plugin-api/model/lock.ts";
import type { PackageName } from "../../../plugin-api/model/requirement.ts";
import { DEFAULT_POLICY, type ResolutionPolicy } from "../../../plugin-api/model/resolution.ts";
import { and, formatMarkerSet, markerSet, pythonRange } from "../../../plugin-api/python/marker-algebra.ts";
import { parseRequirement } from "../../../plugin-api/python/requirement.ts";
import { type FakeIndex, fakeIndex } from "../../../test/harness/fake-index.ts";
import type { Release } from "../../../test/harness/release.ts";
import performLock from "./lock.ts";

export interface Asked {
  readonly index: readonly Release[] | Readonly<Record<string, readonly Release[]>>;
  readonly requires?: readonly string[];
  readonly optional?: Readonly<Record<string, readonly string[]>>;
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly members?: Readonly<Record<string, readonly string[]>>;
  readonly constraints?: readonly string[];
  readonly overrides?: readonly string[];
  readonly exclusions?: readonly string[];
  readonly python?: string;
  readonly environments?: readonly string[];
  readonly requiredEnvironments?: readonly string[];
  /** `extra` or `group:name`. */
  readonly conflicts?: readonly (readonly string[])[];
  readonly forkStrategy?: LockRequest["forkStrategy"];
  readonly policy?: Partial<ResolutionPolicy>;
  readonly previous?: Lock;
  readonly upgrade?: true | readonly string[];
  readonly delay?: (what: string) => Promise<void>;
}

export interface Answered {
  readonly index: FakeIndex;
  readonly lock: Lock;
  /** `name version; marker` of each package. */
  readonly packages: readonly string[];
  readonly error: PybunError | undefined;
}

const NOTHING: Lock = { requiresPython: "", forks: [], packages: [], roots: [], meta: {} };

export async function lock(asked: Asked): Promise<Answered> {
  const indexes = Array.isArray(asked.index) ? { company: asked.index } : (asked.index as Record<string, Release[]>);
  const index = fakeIndex({ indexes, ...(asked.delay ? { delay: asked.delay } : {}) });
  try {
    const made = (await performLock(requestOf(asked), index.session)) as Lock;
    return { index, lock: made, packages: linesOf(made), error: undefined };
  } catch (error) {
    if (!(error instanceof PybunError)) throw error;
    return { index, lock: NOTHING, packages: [], error };
  }
}

export const linesOf = ({ packages }: Lock): readonly string[] =>
  packages.map(({ name, version, marker }) => withMarker(`${name} ${version}`, marker));

export const forksOf = ({ forks }: Lock): readonly string[] => forks.map((fork) => withMarker("fork", fork));

/** `name -> name version specifier; marker` of each edge of the lock. */
export const edgesOf = ({ packages }: Lock): readonly string[] =>
  packages.flatMap(({ name, dependencies }) =>
    dependencies.map(({ to, extras, specifier, marker }) => {
      const target = packages[to]!;
      const subject = extras.length > 0 ? `${target.name}[${extras.join()}]` : target.name;
      return withMarker(`${name} -> ${subject} ${target.version} ${specifier}`.trimEnd(), marker);
    }),
  );

const withMarker = (text: string, marker: string): string => (marker === "" ? text : `${text}; ${marker}`);

/** The lines with markers that say the same for these Pythons written in one way, so that they can be compared. */
export const meaning = (lines: readonly string[], python = ">=3.9"): readonly string[] =>
  lines.map((line) => {
    const [head = "", marker = ""] = line.split("; ", 2);
    return withMarker(head, formatMarkerSet(and(markerSet(marker), pythonRange(python))));
  });

const demandsOf = (texts: readonly string[] = [], origin: string) =>
  texts.map((text) => ({ requirement: parseRequirement(text), text, origin }));

export function requestOf(asked: Asked): LockRequest {
  const rooted = (kind: RootOwner["kind"], name: string, texts: readonly string[] = []) =>
    demandsOf(texts, "pyproject.toml").map((demand) => ({ owner: { kind, name, member: "" as const }, demand }));
  const { upgrade, previous } = asked;
  return {
    roots: [
      ...rooted("project", "", asked.requires),
      ...Object.entries(asked.members ?? {}).flatMap(([name, texts]) => rooted("member", name, texts)),
      ...Object.entries(asked.optional ?? {}).flatMap(([name, texts]) => rooted("optional", name, texts)),
      ...Object.entries(asked.groups ?? {}).flatMap(([name, texts]) => rooted("group", name, texts)),
    ],
    constraints: demandsOf(asked.constraints, "limits.txt"),
    overrides: demandsOf(asked.overrides, "overrides.txt"),
    exclusions: (asked.exclusions ?? []) as readonly PackageName[],
    requiresPython: asked.python ?? ">=3.9",
    environments: asked.environments ?? [],
    requiredEnvironments: asked.requiredEnvironments ?? [],
    conflicts: (asked.conflicts ?? []).map((set) => set.map(conflictItem)),
    forkStrategy: asked.forkStrategy ?? "requires-python",
    policy: { ...DEFAULT_POLICY, ...asked.policy },
    ...(previous && { previous }),
    ...(upgrade && { upgrade: upgrade === true ? true : new Set(upgrade as readonly PackageName[]) }),
  };
}

function conflictItem(text: string): ConflictItem {
  const [kind, name] = text.startsWith("group:") ? (["group", text.slice(6)] as const) : (["optional", text] as const);
  return { kind, name, member: "" };
}
