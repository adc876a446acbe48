import fs from "node:fs";
import path from "node:path";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { Artifact, Installed, StoreEntry } from "../../plugin-api/model/environment.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { KEPT, type StoreLayout } from "../../plugin-api/model/store-layout.ts";
import { isSharedFolder } from "../../plugin-api/python/shared-folder.ts";
import type { Store } from "../../plugin-api/services.ts";
import { directUrlOf } from "./direct-url.ts";
import { type Treating, type Treatment, treatmentOf } from "./treatment.ts";
import type { Owner } from "./tree.ts";

/** A distribution to put in, with all that is needed for it. */
export interface Package extends Owner {
  readonly name: PackageName;
  /** Asked for by the user rather than by another distribution. */
  readonly isRequested: boolean;
  /** Text of `direct_url.json`, when it comes from no index. */
  readonly directUrl: string | undefined;
  /** Names it asks for. */
  readonly dependencies: ReadonlySet<PackageName>;
  /** Absolute path of the unpacked wheel. */
  readonly tree: string;
  readonly layout: StoreLayout;
  readonly treatment: Treatment;
  readonly wheelSha256: Sha256;
  /** Where what is written for this wheel may be kept: beginning of a path in its entry of the store. */
  readonly saved: string;
  /** RECORD lines of what goes into site-packages; read when asked for. */
  readonly rows: () => string;
  /** Whether there is bytecode for interpreters of this cache tag. */
  readonly isCompiled: (cacheTag: string) => boolean;
  /** Paths, relative to site-packages, left to another distribution. */
  readonly dropped: Set<string>;
  /** RECORD lines of commands and `.data` files, by path relative to site-packages; filled in as they get their places. */
  readonly extraRows: Map<string, string>;
  /** What RECORD would say of those that are written for this environment. */
  readonly commands: Map<string, string>;
}

type Wish = Pick<Package, "name" | "isRequested" | "directUrl" | "dependencies">;

/** What is to be put in for an artifact of the plan. */
export function packageOf({ pin, entry }: Artifact, store: Store, treating: Treating): Package {
  const { name, isDirect, dependencies } = pin;
  const directUrl = directUrlOf(pin, entry.wheelSha256);
  const asked = new Set(dependencies.map((edge) => edge.name));
  return open({ name, isRequested: isDirect, directUrl, dependencies: asked }, entry, { store, treating });
}

/** What is to be put in again for a distribution that is there already; undefined when its wheel is no longer in the store. */
export function packageAgain(installed: Installed, store: Store, treating: Treating): Package | undefined {
  const { name, infoPath, wheelSha256 } = installed;
  const entry = wheelSha256 && store.find(wheelSha256);
  if (!entry) return undefined;
  const directUrlFile = path.join(infoPath, "direct_url.json");
  const wish = {
    name,
    isRequested: fs.existsSync(path.join(infoPath, "REQUESTED")),
    directUrl: fs.existsSync(directUrlFile) ? fs.readFileSync(directUrlFile, "utf8") : undefined,
    dependencies: new Set<PackageName>(),
  };
  return open(wish, entry, { store, treating });
}

function open(
  wish: Wish,
  entry: StoreEntry,
  { store, treating }: { readonly store: Store; readonly treating: Treating },
): Package {
  const layout = store.layout(entry);
  const tree = `${entry.path}/tree`;
  const compiled = new Set<string>();
  return {
    ...wish,
    tree,
    layout,
    label: `${wish.name} ${layout.version}`,
    isPurelib: layout.isPurelib,
    treatment: treatmentOf(wish.name, treating),
    wheelSha256: entry.wheelSha256,
    saved: `${entry.path}/${KEPT.any}`,
    rows: () => store.recordRows(entry),
    isCompiled(cacheTag) {
      // What is not done yet may be by the next question.
      if (!compiled.has(cacheTag) && store.isCompiled(entry, cacheTag)) compiled.add(cacheTag);
      return compiled.has(cacheTag);
    },
    dropped: new Set(),
    extraRows: new Map(),
    commands: new Map(),
  };
}

/** Whether one of these packages asks for another, directly or by way of others. */
export function dependencyCheck(packages: readonly Package[]): (one: Package, other: Package) => boolean {
  const byName = new Map(packages.map((pkg) => [pkg.name, pkg]));
  return (one, other) => {
    const seen = new Set<PackageName>();
    const queue = [...one.dependencies];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (name === other.name) return true;
      if (seen.has(name)) continue;
      seen.add(name);
      queue.push(...(byName.get(name)?.dependencies ?? []));
    }
    return false;
  };
}

/** Whether a folder of a wheel, given relative to site-packages, may also belong to other distributions. */
export function isShared(relative: string, { tree, layout }: Package): boolean {
  if (!relative.includes("/")) return layout.sharedFolders.includes(relative);
  if (layout.namespaces.includes(relative)) return true;
  const init = `${tree}/${relative}/__init__.py`;
  const stat = fs.statSync(init, { throwIfNoEntry: false });
  const name = path.basename(relative);
  return isSharedFolder(name, stat && { sizeBytes: stat.size, text: () => fs.readFileSync(init, "utf8") });
}
