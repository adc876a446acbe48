import { InvalidSyntax, PybunError } from "../error.ts";
import type { MarkerEnvironment, Target } from "../model/interpreter.ts";
import type { Lock, LockChoice, LockedPackage, LockedRoot, RootOwner } from "../model/lock.ts";
import type { Extra, PackageName } from "../model/requirement.ts";
import type { Edge, Pin, Resolution } from "../model/resolution.ts";
import { type ActivatedSets, evaluateMarker } from "../python/marker.ts";
import { normalizeName } from "../python/package-name.ts";
import { parseRequirement } from "../python/requirement.ts";
import { parseSpecifier, satisfies } from "../python/specifier.ts";
import { byText } from "./canonical.ts";
import { describeTarget, fileChooser } from "./choose-file.ts";

/**
 * What to install from a lock on a target: the pins that the chosen parts of the project lead to, each with the file that
 * fits best (SPEC IDX-10). Pure. Throws `E_PYTHON_MISMATCH` when the lock's range excludes the target's Python, `E_LOCK_TARGET` when
 * it does not hold for the platform, two versions of a package would apply or a package has no file that fits, and
 * `E_LOCK_INVALID` for a requirement that is none.
 */
export function selectPins(lock: Lock, target: Target, choice: LockChoice): Resolution {
  const asked = JSON.stringify([target, choice]);
  const before = answers.get(lock);
  if (before?.asked === asked) return before.answer;
  const answer = select(lock, target, choice);
  answers.set(lock, { asked, answer });
  return answer;
}

/** The last answer of each lock: what builds a project itself asks twice, and so do commands that one process runs after each other. */
const answers = new WeakMap<Lock, { readonly asked: string; readonly answer: Resolution }>();

function select(lock: Lock, target: Target, choice: LockChoice): Resolution {
  const walk = startWalk(lock, target, choice);
  checkTarget(walk);
  for (const root of lock.roots) if (isChosen(root.owner, choice)) enterRoot(walk, root);
  for (let next = walk.open.pop(); next; next = walk.open.pop()) leave(walk, next);
  const chosen = [...walk.reached].filter(([index]) => !isVirtual(lock.packages[index] as LockedPackage));
  checkOneVersion(chosen.map(([index]) => lock.packages[index] as LockedPackage));
  const fileOf = fileChooser(target, choice.policy);
  const pins = chosen.map(([index, reached]) =>
    Object.freeze(pinOf(walk, lock.packages[index] as LockedPackage, { reached, fileOf })),
  );
  return Object.freeze({
    pins: Object.freeze(pins.sort((a, b) => byText(a.name, b.name))),
    target,
    isFromCache: true,
    attempts: 0,
  });
}

/** A package that is to be installed. */
interface Reached {
  readonly extras: Set<Extra>;
  isDirect: boolean;
}
/** A package, or one more extra of it, whose edges have not been followed yet. */
interface Open {
  readonly index: number;
  readonly extra: Extra | "";
}
interface Walk {
  readonly lock: Lock;
  readonly target: Target;
  readonly reached: Map<number, Reached>;
  readonly open: Open[];
  /** Whether a marker holds on the target, with the chosen extras and groups; `extra`: that for which an edge is read. */
  readonly holds: (marker: string, extra: string) => boolean;
}

function startWalk(lock: Lock, target: Target, choice: LockChoice): Walk {
  const known = new Map<string, boolean>();
  const sets = activatedSets(lock, choice);
  const evaluateOnce = (marker: string, extra: string): boolean => {
    const question = `${extra}\n${marker}`;
    let answer = known.get(question);
    if (answer === undefined)
      known.set(question, (answer = evaluateMarker(marker, target.markers, { ...sets, extra })));
    return answer;
  };
  const holds = (marker: string, extra: string): boolean => marker === "" || evaluateOnce(marker, extra);
  return { lock, target, reached: new Map(), open: [], holds };
}

/** The extras and groups of a choice as the lock's markers name them: of a workspace's member as `member:name`. */
export function activatedSets({ roots }: Lock, choice: LockChoice): ActivatedSets {
  const named = (kind: RootOwner["kind"]): string[] =>
    roots
      .filter(({ owner }) => owner.kind === kind && isChosen(owner, choice))
      .map(({ owner: { member, name } }) => (member === "" ? name : `${member}:${name}`));
  const extras = choice.extras === "all" ? [] : choice.extras;
  return { extras: [...extras, ...named("optional")], dependencyGroups: [...choice.groups, ...named("group")] };
}

/** Whether what a part of the project asks for belongs to a choice. */
export function isChosen(
  { kind, name, member }: RootOwner,
  { extras, groups, members, onlyGroups }: LockChoice,
): boolean {
  const project = kind === "member" ? (name as PackageName) : member;
  if (members !== undefined && project !== "" && !members.includes(project)) return false;
  if (kind === "group") return groups.some((group) => normalizeName(group) === normalizeName(name));
  if (onlyGroups) return false;
  if (kind !== "optional") return true;
  return extras === "all" || extras.some((extra) => normalizeName(extra) === normalizeName(name));
}

function checkTarget({ lock, target, holds }: Walk): void {
  if (!allowsPython(lock.requiresPython, target.markers))
    throw new PybunError("E_PYTHON_MISMATCH", `the lock is for Python ${lock.requiresPython}, not ${target.python}`, {
      hints: ["choose another Python with `--python`"],
      context: { requires_python: lock.requiresPython, python: target.python },
    });
  if (lock.forks.length === 0 || lock.forks.some((fork) => holds(fork, ""))) return;
  throw new PybunError(
    "E_LOCK_TARGET",
    `the lock is not for ${describeTarget(target)}, or not for what was chosen together`,
    {
      evidence: lock.forks.map((fork) => `made for  ${fork}`),
      hints: [isForOnePlatform(lock) ? FOR_ALL : "widen `environments` and lock again: `pybun lock`"],
      context: { forks: lock.forks },
    },
  );
}

const FOR_ALL = "it was made for one platform; lock for all: `pybun lock`";

/** Made by `lock --platform`, which the lock keeps among the settings it was made with. */
function isForOnePlatform({ meta }: Lock): boolean {
  try {
    return "platform" in JSON.parse(meta["settings"] ?? "{}");
  } catch {
    return false;
  }
}

/** A release candidate counts as the release, as it does for packages. */
function allowsPython(requiresPython: string, { python_full_version: full }: MarkerEnvironment): boolean {
  if (requiresPython === "") return true;
  try {
    const release = /^\d+(?:\.\d+)*/.exec(full)?.[0] ?? full;
    return satisfies(parseSpecifier(requiresPython), release, { prereleases: true });
  } catch (cause) {
    if (cause instanceof InvalidSyntax) throw invalid(`\`${requiresPython}\` is no range of Pythons`, cause);
    throw cause;
  }
}

function enterRoot(walk: Walk, root: LockedRoot): void {
  if (!walk.holds(root.marker, "")) return;
  enter(walk, root.to, extrasOf(root));
  const reached = walk.reached.get(root.to);
  if (reached) reached.isDirect = true;
}

function extrasOf({ requirement }: LockedRoot): readonly Extra[] {
  try {
    return parseRequirement(requirement).extras;
  } catch (cause) {
    if (cause instanceof InvalidSyntax) throw invalid(`\`${requirement}\` is no requirement`, cause);
    throw cause;
  }
}

const invalid = (message: string, cause: unknown): PybunError =>
  new PybunError("E_LOCK_INVALID", `the lock is damaged: ${message}`, { cause });

function enter({ lock, reached, open, holds }: Walk, index: number, extras: readonly Extra[]): void {
  const target = lock.packages[index] as LockedPackage;
  if (!holds(target.marker, "")) return;
  const known = reached.get(index) ?? { extras: new Set(), isDirect: false };
  if (!reached.has(index)) {
    reached.set(index, known);
    open.push({ index, extra: "" });
  }
  for (const extra of extras) {
    if (known.extras.has(extra) || !target.extras.includes(extra)) continue;
    known.extras.add(extra);
    open.push({ index, extra });
  }
}

function leave(walk: Walk, { index, extra }: Open): void {
  for (const edge of (walk.lock.packages[index] as LockedPackage).dependencies)
    if (walk.holds(edge.marker, extra)) enter(walk, edge.to, edge.extras);
}

/** What it requires is installed, it itself is not. */
const isVirtual = ({ source }: LockedPackage): boolean => source.kind === "member" && source.isVirtual;

function checkOneVersion(packages: readonly LockedPackage[]): void {
  const known = new Map<PackageName, LockedPackage>();
  for (const each of packages) {
    const other = known.get(each.name);
    known.set(each.name, each);
    if (!other) continue;
    throw new PybunError("E_LOCK_TARGET", `what was chosen needs two versions of \`${each.name}\` at once`, {
      evidence: [other, each].map(({ version, marker }) => `${each.name} ${version}  ${marker}`.trimEnd()),
      hints: ["choose fewer extras and groups, or say in `conflicts` which don't go together and lock again"],
      context: { name: each.name, versions: [other.version, each.version] },
    });
  }
}

interface Wanted {
  readonly reached: Reached;
  readonly fileOf: ReturnType<typeof fileChooser>;
}

function pinOf(walk: Walk, each: LockedPackage, { reached, fileOf }: Wanted): Pin {
  return {
    name: each.name,
    version: each.version,
    source: each.source,
    file: fileOf(each),
    extras: [...reached.extras].sort(byText),
    dependencies: edgesOf(walk, each, reached),
    isDirect: reached.isDirect,
  };
}

/** One edge for each package that is required here. */
function edgesOf({ lock, holds, reached: all }: Walk, each: LockedPackage, { extras }: Reached): readonly Edge[] {
  const edges = new Map<PackageName, Edge>();
  for (const edge of each.dependencies) {
    const { name } = lock.packages[edge.to] as LockedPackage;
    const isAsked = ["", ...extras].some((extra) => holds(edge.marker, extra));
    if (!isAsked || name === each.name || !all.has(edge.to)) continue;
    const { extras: wanted, specifier } = edges.get(name) ?? { extras: [], specifier: "" };
    edges.set(name, {
      name,
      extras: distinct([...wanted, ...edge.extras]),
      specifier: distinct([...clauses(specifier), ...clauses(edge.specifier)]).join(","),
    });
  }
  return [...edges.values()].sort((a, b) => byText(a.name, b.name));
}

const clauses = (specifier: string): readonly string[] => (specifier === "" ? [] : specifier.split(","));
const distinct = <T extends string>(texts: readonly T[]): readonly T[] => [...new Set(texts)].sort(byText);
