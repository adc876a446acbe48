import path from "node:path";
import type { RootDemand, RootOwner } from "../../plugin-api/model/lock.ts";
import type { Demand, IndexPin, PackageName } from "../../plugin-api/model/requirement.ts";
import { isMemberUrl } from "../../plugin-api/project/member-url.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import { type Project, sourcesOf } from "../../plugin-api/project/read-project.ts";
import type { PlatformName } from "../../plugin-api/python/platform-name.ts";
import type { Choices } from "./choices.ts";
import {
  asJson,
  askedIndexes,
  type Deciding,
  type Facts,
  factKey,
  INDEX_PINS,
  SETTINGS,
  settingsFact,
  wordsOf,
} from "./facts.ts";
import { localState } from "./local-state.ts";
import { type Lowering, lowerAll, loweringOf, memberUrl } from "./lower.ts";
import { environmentsOn } from "./platform.ts";
import { readFor } from "./read-extras.ts";

/** What decides a lock: known without solving, network or Python (SPEC LOCK-06). */
export interface LockInputs extends Deciding {
  /** Folder that the lock's relative paths start from. */
  readonly base: string;
  /** The project's own file, or the script; absolute. Absent where the lock alone is known. */
  readonly file?: string;
  readonly isWorkspace: boolean;
  readonly roots: readonly RootDemand[];
  /** What the projects themselves are to be taken from, whoever requires them: their own folders. */
  readonly own: readonly Demand[];
  /** Members whose requirements only a build can tell. */
  readonly dynamic: readonly Pyproject[];
  /** Folders that are to be installed editable. */
  readonly editable: ReadonlySet<string>;
  /** The one platform that the lock is for, where one was asked for. */
  readonly platform?: PlatformName;
  /** `exclude-newer` of the file itself, as written, where no setting says otherwise. */
  readonly excludeNewer?: string;
  /** All of it in words, to be kept in the lock. */
  readonly facts: Facts;
}

const PROJECT: RootOwner = { kind: "project", name: "", member: "" };

/** The inputs of a project's or workspace's lock; `root` owns what a lone project requires. Throws `E_PROJECT_INVALID`. */
export function inputsOfProject(project: Project, choices: Choices, root: RootOwner = PROJECT): LockInputs {
  const owned = project.members.flatMap((member) => ownedBy(loweringOf(project, member), root));
  const roots = owned.flatMap(({ owner, demands }) => demands.map((demand) => ({ owner, demand })));
  const dynamic = project.members.filter(hasDynamicRequirements);
  const deciding = decidingOf(project, choices);
  const own = project.options.excludeNewer;
  const cutOff = choices.settings["exclude-newer"] === undefined && own !== undefined ? { excludeNewer: own } : {};
  const more = {
    ...(own !== undefined && { "exclude-newer": own }),
    ...choices.settings,
    "dependency-metadata": asJson(project.options.metadata),
    [INDEX_PINS]: asJson([
      ...deciding.indexPins,
      ...owned.flatMap(({ owner, demands }) => askedIndexes(owner, demands, project.root)),
    ]),
    local: asJson(
      localFacts(
        [...roots.map(({ demand }) => demand), ...deciding.overrides],
        [...dynamic, ...takenNeighbours(project)],
        project.root,
      ),
    ),
  };
  const facts = new Map(owned.map(({ owner, demands }) => [factKey(owner), wordsOf(demands, project.root)]));
  return {
    base: project.root,
    file: project.file,
    isWorkspace: project.isWorkspace,
    roots,
    own: project.members.flatMap(ownFolder),
    dynamic,
    ...deciding,
    editable: editableFolders(project),
    ...(choices.platform && { platform: choices.platform }),
    ...cutOff,
    facts: facts.set(SETTINGS, settingsFact(deciding, more, project.root)),
  };
}

/** Members that have another lock, and that those of this one lead to: what they require counts, too. */
function takenNeighbours(project: Project): readonly Pyproject[] {
  const taken: Pyproject[] = [];
  const take = (member: Pyproject): void => {
    const names = [...sourcesOf(project, member)].flatMap(([name, sources]) =>
      sources.some(({ kind }) => kind === "workspace") ? [name] : [],
    );
    for (const each of project.neighbours)
      if (each.name !== undefined && names.includes(each.name) && !taken.includes(each)) {
        taken.push(each);
        take(each);
      }
  };
  if (project.neighbours.length > 0) project.members.forEach(take);
  return taken;
}

/** A plugin may require the project it is for: that is this one, never the release that an index has. */
function ownFolder({ name, folder, file }: Pyproject): readonly Demand[] {
  if (name === undefined) return [];
  const requirement = { name, extras: [], specifier: "", marker: "", url: memberUrl(folder) };
  return [{ requirement, text: name, origin: file }];
}

/** Whether the requirements of a project stand in its file at all (PEP 621). */
export const hasDynamicRequirements = ({ dynamic }: Pyproject): boolean =>
  dynamic.has("dependencies") || dynamic.has("optional-dependencies");

function decidingOf(project: Project, choices: Choices): Deciding {
  const { constraints, overrides, exclusions, environments, workspace, ...own } = project.options;
  // Overrides are nobody's requirements, so none of them is a project's requirement of itself.
  const lowering = loweringOf(project, { ...project, name: "" as PackageName });
  return {
    constraints: readFor("", [...constraints, ...(workspace?.shared ?? []), ...choices.constraints]),
    overrides: [...lowerAll(overrides, PROJECT, lowering), ...choices.overrides],
    exclusions,
    requiresPython: project.requiresPython,
    environments: choices.platform ? environmentsOn(choices.platform, environments) : environments,
    requiredEnvironments: own.requiredEnvironments,
    conflicts: conflictsOf(project),
    forkStrategy: own.forkStrategy,
    indexPins: indexPinsOf(project.options),
  };
}

interface Owned {
  readonly owner: RootOwner;
  readonly demands: readonly Demand[];
}

function ownedBy(lowering: Lowering, root: RootOwner): readonly Owned[] {
  const { member } = lowering;
  const { isWorkspace } = lowering.project;
  const name = isWorkspace ? (member.name as PackageName) : "";
  const owned = (owner: RootOwner, demands: readonly Demand[]): Owned => ({
    owner,
    demands: lowerAll(demands, owner, lowering),
  });
  return [
    owned(isWorkspace ? { kind: "member", name, member: "" } : root, member.dependencies),
    ...[...member.optional].map(([extra, demands]) => owned({ kind: "optional", name: extra, member: name }, demands)),
    ...[...member.groups].map(([group, demands]) => owned({ kind: "group", name: group, member: name }, demands)),
  ];
}

/** In a workspace an extra or group without a member's name is the file's own. */
function conflictsOf({ members, isWorkspace }: Project): Deciding["conflicts"] {
  return members.flatMap(({ name = "" as const, options }) =>
    options.conflicts.map((set) =>
      set.map((item) => ({ ...item, member: isWorkspace ? item.member || name : ("" as const) })),
    ),
  );
}

function localFacts(demands: readonly Demand[], dynamic: readonly Pyproject[], base: string): Record<string, string> {
  const urls = demands.flatMap(({ requirement: { url } }) =>
    url?.startsWith("file:") && !isMemberUrl(url) ? [url] : [],
  );
  return localState([...urls, ...dynamic.map(({ folder }) => folder)], base);
}

/** Where the root takes packages from, whoever requires them; what holds for an extra or a group stands with that. */
const indexPinsOf = ({ sources }: Project["options"]): readonly IndexPin[] =>
  [...sources].flatMap(([name, all]) =>
    all.flatMap(({ marker, extra, group, ...source }) =>
      source.kind === "index" && extra === undefined && group === undefined
        ? [{ name, index: source.index, marker }]
        : [],
    ),
  );

const editableFolders = ({ members }: Project): ReadonlySet<string> =>
  new Set(
    members.flatMap(({ folder, options }) =>
      [...options.sources.values()]
        .flat()
        .flatMap((source) => (source.kind === "path" && source.isEditable ? [path.resolve(folder, source.path)] : [])),
    ),
  );
