import fs from "node:fs";
import path from "node:path";
import { type Diagnostic, warning } from "../../plugin-api/diagnostic.ts";
import type { Environment, EnvironmentStamp, Installed, Plan } from "../../plugin-api/model/environment.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { checkManaged } from "../../plugin-api/python/externally-managed.ts";
import { Environments, Host, SettingsTable, Store } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import type { LinkInput } from "../../plugin-api/stages.ts";
import { readEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";
import { noteEnvironment } from "../../plugin-api/system/known-environments.ts";
import { within } from "../../plugin-api/system/write-all.ts";
import type { Goal } from "./assemble.ts";
import { changeParts } from "./change-parts.ts";
import { type Delta, deltaOf } from "./delta.ts";
import { makeAll } from "./make-all.ts";
import { builderFor, type Outcome } from "./materialize.ts";
import { type Package, packageAgain, packageOf } from "./packages.ts";
import { layoutOf, layoutWith } from "./protected.ts";
import { settings } from "./settings.ts";
import { stampFor } from "./stamp.ts";
import { type State, stateOf } from "./state.ts";
import { automaticMode, type Treating } from "./treatment.ts";

/** Puts packages from the store into an environment, which is made where there is none. */
const link: Perform<"link"> = async (input, session) => {
  const { plan, artifacts } = input;
  const { root } = plan.destination;
  const [host, environments, store] = await Promise.all([
    session.use(Host),
    session.use(Environments),
    session.use(Store),
  ]);
  const work: Work = { input, session, host, environments, store };
  if (plan.destination.scheme) fs.mkdirSync(root, { recursive: true });
  else noteEnvironment(host.dataDir, root);
  if (artifacts.length > 0) session.emit({ type: "InstallStart", packages: artifacts.length });
  const done = await environments.alone(root, () => within(root, () => linkWithFiles(work)));
  report(done, work);
  if (isOthers(done.state)) return afterwards(plan, environments);
  const { existing } = plan;
  // It has the same Python, as it was there.
  if (done.state !== "there" || existing?.root !== root) return environments.read(root);
  return withInstalled(existing, () => environments.installed(existing.sitePackages, readEnvironmentStamp(root)));
};
export default link;

/** Hardly anybody asks what is in an environment after a change: it is what was wanted. */
function withInstalled(environment: Environment, read: () => Environment["installed"]): Environment {
  const { installed: _, ...rest } = environment;
  let found: Environment["installed"] | undefined;
  return {
    ...rest,
    get installed() {
      return (found ??= read());
    },
  };
}

/** No environment of ours or others: it has no stamp, and a Python that is somewhere else. */
const isOthers = (state: State): boolean => state === "installation" || state === "folder";

interface Work {
  readonly input: LinkInput;
  readonly session: Session;
  readonly host: Host;
  readonly environments: Environments;
  readonly store: Store;
}
interface Done {
  readonly state: State;
  readonly delta: Delta;
  readonly mode: Mode;
  readonly outcome: Outcome;
  readonly diagnostics: readonly Diagnostic[];
}

/** Loaded by those few who change a project. */
const projectChange = () => import("../../plugin-api/system/project-change.ts");

async function linkWithFiles(work: Work): Promise<Done> {
  const { files } = work.input;
  if (!files) return linkAlone(work);
  const { aloneInProject } = await projectChange();
  return aloneInProject(files.root, work.session.signal, () => linkAlone(work));
}

async function linkAlone(work: Work): Promise<Done> {
  const { input, environments, session } = work;
  const { plan, artifacts } = input;
  const state = stateOf(plan.destination);
  const { breakSystemPackages: isAllowed } = settingsOf(session, settings);
  if (state === "installation") checkManaged(plan.destination.interpreter, { isAllowed });
  const isWhole = state === "absent" || state === "to be replaced";
  const usual = layoutOf(plan.destination.scheme ?? plan.destination.interpreter.scheme);
  const layout = state === "installation" ? layoutWith({ ...usual, ...siteOf(plan) }) : usual;
  const { root } = plan.destination;
  const before = isWhole ? undefined : readEnvironmentStamp(root);
  const present = isWhole ? [] : environments.installed(path.join(root, layout.site), before);
  const delta = deltaOf(plan, artifacts, present);
  const mode = modeFor(work, {
    delta,
    kept: before?.keepsMode && !(await isTyped(work)) ? before.linkMode : undefined,
  });
  const { packages, keep, remove } = packagesFor(delta, { work, mode, before });
  const { interpreter } = plan.destination;
  const building = { ...mode, cacheTag: interpreter.cacheTag };
  const python = isOthers(state) ? { python: plan.existing?.python ?? interpreter.path } : {};
  const { platform } = work.host;
  const goal: Omit<Goal, "disk"> = { root, layout, interpreter, platform, packages, remove, keep, ...python };
  const { keepsMode } = mode;
  const { files } = input;
  const lockSha256 = files ? files.lockSha256 : input.lockSha256;
  const stamp = (outcome: Outcome) =>
    stampFor({ plan, version: work.host.version, before, keep, packages, outcome, keepsMode, lockSha256 });
  const isLockNoted = !files?.lockSha256 || lockSha256 === before?.lockSha256 || state === "installation";
  const isStamped = keepsMode === (before?.keepsMode === true) && isLockNoted;
  const isNothing = !isWhole && packages.length === 0 && remove.length === 0 && isStamped;
  if (isNothing) {
    if (files) await (await projectChange()).commitFiles(files);
    return { state, delta, mode, outcome: { mode: mode.mode, fallbacks: new Map() }, diagnostics: [] };
  }
  if (isWhole) {
    const making = { session, environments, dataDir: work.host.dataDir };
    return { state, delta, mode, ...(await makeAll({ plan, goal, building, keepsMode, stamp, files }, making)) };
  }
  const builder = builderFor(building);
  const { outcome } = builder;
  const noted = isOthers(state) ? undefined : () => stamp(outcome);
  const { diagnostics } = await changeParts({ goal, builder, stamp: noted, files, ...placesIn(work) });
  return { state, delta, mode, outcome, diagnostics };
}

/** A store that can't be written to has no place for what is replaced. */
function placesIn({ store, host: { dataDir } }: Work): {
  readonly aside: string | undefined;
  readonly dataDir: string;
} {
  try {
    return { aside: store.temporaryDir, dataDir };
  } catch {
    return { aside: undefined, dataDir };
  }
}

interface Mode extends Treating {
  /** Nobody asked for this very mode. */
  readonly isAutomatic: boolean;
  /** The environment keeps to it. */
  readonly keepsMode: boolean;
}

/** A mode on the command line is meant for this environment, one in a file for those that have none of their own. */
async function isTyped({ session }: Work): Promise<boolean> {
  return (await session.use(SettingsTable)).get(settings.linkMode.key)?.origin.kind === "argv";
}

function modeFor(
  { input, session, host }: Work,
  { delta, kept }: { readonly delta: Delta; readonly kept: Mode["mode"] | undefined },
): Mode {
  const { linkMode, linkCopy: copied } = settingsOf(session, settings);
  const keepsMode = input.keepsMode === true || kept !== undefined;
  const asked = input.mode === "auto" ? (kept ?? linkMode) : input.mode;
  if (asked !== "auto") return { mode: asked, copied, isAutomatic: false, keepsMode };
  const names = [...delta.install.map(({ pin }) => pin.name), ...delta.keep.map(({ name }) => name)];
  return { mode: automaticMode(host.platform, names), copied, isAutomatic: true, keepsMode };
}

/**
 * The packages to put in. Where the mode is given to the environment or taken from it, and when one comes that must not find
 * links, those that stay are put in again, as far as their wheels are still in the store.
 */
function packagesFor(
  delta: Delta,
  { work, mode, before }: { readonly work: Work; readonly mode: Mode; readonly before: EnvironmentStamp | undefined },
): {
  readonly packages: readonly Package[];
  readonly keep: readonly Installed[];
  readonly remove: readonly Installed[];
} {
  const { store } = work;
  const packages = delta.install.map((artifact) => packageOf(artifact, store, mode));
  const mustBeFiles = mode.isAutomatic && mode.mode !== "tree" && before?.linkMode === "tree" && packages.length > 0;
  const mustRelink = mustBeFiles || work.input.keepsMode === true || (before?.keepsMode === true && !mode.keepsMode);
  const again = new Map<Installed, Package>();
  for (const installed of mustRelink ? delta.keep : []) {
    const pkg = packageAgain(installed, store, mode);
    if (pkg) again.set(installed, pkg);
  }
  return {
    packages: [...packages, ...again.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    keep: delta.keep.filter((installed) => !again.has(installed)),
    remove: [...delta.remove, ...again.keys()],
  };
}

const siteOf = ({ existing }: Plan) =>
  existing && { site: path.relative(existing.root, existing.sitePackages).replaceAll("\\", "/") };

function afterwards({ existing, destination }: Plan, environments: Environments): Environment {
  const { root, interpreter, scheme = interpreter.scheme } = destination;
  const sitePackages = existing?.sitePackages ?? path.join(root, layoutOf(scheme).site);
  const python = existing?.python ?? interpreter.path;
  return { root, interpreter, python, sitePackages, installed: environments.installed(sitePackages) };
}

function report({ delta, mode, outcome, diagnostics }: Done, { session }: Work): void {
  for (const diagnostic of diagnostics) session.emit({ type: "Diagnostic", diagnostic });
  const { mode: real, fallbacks } = outcome;
  const [reason] = fallbacks.keys();
  // Links to folders work across file systems; that a few small files beside them are copied is not worth a word.
  const isOtherwise = reason !== undefined && real !== "tree" && (!mode.isAutomatic || real === "copy");
  if (isOtherwise) session.emit({ type: "Diagnostic", diagnostic: fallback(mode.mode, real, reason) });
  const { install, remove, keep } = delta;
  if (install.length === 0 && remove.length === 0) return;
  const replaced = new Set(install.map(({ pin }) => pin.name));
  session.emit({
    type: "InstallComplete",
    installed: install.length,
    removed: remove.filter(({ name }) => !replaced.has(name)).length,
    kept: keep.length,
    link_mode: real,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  EXDEV: "the store is on another file system",
  EMLINK: "a file has all the links it can have",
};
const WORDS = { tree: "linked as folders", clone: "cloned", hardlink: "linked", copy: "copied" } as const;

function fallback(asked: Treating["mode"], real: Treating["mode"], code: string): Diagnostic {
  const reason = REASONS[code] ?? "the file system can't do that";
  const what = asked === real ? "some files were copied" : `files were ${WORDS[real]}`;
  return warning("I_LINK_FALLBACK", `${what}, not ${WORDS[asked]}: ${reason} (${code})`, {
    context: { asked, used: real, reason: code },
  });
}
