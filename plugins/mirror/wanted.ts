import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { openLock } from "../../plugin-api/lock/open.ts";
import type { DistributionFile, Source } from "../../plugin-api/model/distribution.ts";
import type { Lock, LockedPackage } from "../../plugin-api/model/lock.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { DEFAULT_POLICY } from "../../plugin-api/model/resolution.ts";
import { archiveKind } from "../../plugin-api/page/archive-links.ts";
import { and, isDisjoint, markerSet, NEVER, or, pythonRange } from "../../plugin-api/python/marker-algebra.ts";
import { Host, Indexes, Interpreters } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { typedDemand } from "../../plugin-api/typed-requirement.ts";
import { environmentsOf, fileFilter, requiresPython, type Targets, targetsHere } from "./targets.ts";

/** What has to be in a mirror. */
export interface Wanted {
  readonly files: readonly WantedFile[];
  /** Packages that are no archives. */
  readonly skipped: readonly Skipped[];
}
export interface WantedFile {
  readonly name: PackageName;
  readonly version: string;
  readonly file: DistributionFile;
}
export interface Skipped {
  readonly name: PackageName;
  readonly version: string;
  readonly kind: Source["kind"];
}

/** All files of these requirements and of what they need, for every environment at once. Throws what `lock` throws. */
export async function wantedBy(requirements: readonly string[], targets: Targets, session: Session): Promise<Wanted> {
  const interpreter = await (await session.use(Interpreters)).find({});
  const all = targetsHere(targets, interpreter);
  const demands = await Promise.all(
    requirements.map((text) => typedDemand(text, { command: "mirror create", session })),
  );
  const lock = await session.run("lock", {
    roots: demands.map((demand) => ({ owner: { kind: "project", name: "", member: "" }, demand })),
    constraints: [],
    overrides: [],
    exclusions: [],
    requiresPython: requiresPython(all),
    environments: environmentsOf(all),
    requiredEnvironments: [],
    conflicts: [],
    forkStrategy: "requires-python",
    policy: DEFAULT_POLICY,
    interpreter,
  });
  return wantedOf(lock, all);
}

/** All files of a lock, or those for certain environments. Throws `E_LOCK_MISSING` and what `openLock` throws. */
export async function wantedByLock(file: string, targets: Targets, session: Session): Promise<Wanted> {
  const { projectRoot } = await session.use(Host);
  const isNamed = fs.existsSync(path.resolve(session.cwd, file));
  const place = isNamed ? path.resolve(session.cwd, file) : path.resolve(projectRoot ?? session.cwd, file);
  if (!fs.existsSync(place))
    throw new PybunError("E_LOCK_MISSING", `there is no lock \`${file}\``, {
      evidence: [place],
      hints: ["write one: `pybun lock`"],
      context: { path: place },
    });
  const here = (await session.use(Indexes)).list();
  const indexes = Object.fromEntries(here.map(({ name, url }) => [name, url]));
  return wantedOf(openLock(fs.readFileSync(place), { path: place, indexes }).lock(), targets);
}

function wantedOf({ packages }: Lock, targets: Targets): Wanted {
  const markers = environmentsOf(targets).map(markerSet);
  const environments = markers.length === 0 ? undefined : markers.reduce((all, one) => or(all, one), NEVER);
  const fits = fileFilter(targets);
  const isNeeded = ({ marker, requiresPython: range }: LockedPackage): boolean =>
    environments === undefined || !isDisjoint(and(markerSet(marker), pythonRange(range)), environments);
  const chosen = packages.filter(isNeeded);
  const others = chosen.filter((each) => !isArchives(each) && !isVirtual(each));
  return {
    files: chosen
      .filter(isArchives)
      .flatMap(({ name, version, files }) => files.filter(fits).map((file) => ({ name, version, file }))),
    skipped: others.map(({ name, version, source }) => ({ name, version, kind: source.kind })),
  };
}

/** As against a source tree, which a file may stand for as well. */
const isArchives = ({ source, files }: LockedPackage): boolean =>
  source.kind !== "git" && files.some(({ filename }) => archiveKind(filename) !== undefined);

const isVirtual = ({ source }: LockedPackage): boolean => source.kind === "member" && source.isVirtual;
