import fs from "node:fs";
import path from "node:path";
import type { CachedEnvironment, CachedOrder, EnvironmentCache } from "../../plugin-api/environment-cache.ts";
import { randomName } from "../../plugin-api/hash/native.ts";
import type { Provisioned } from "../../plugin-api/services.ts";
import { Clock, Environments, Host, Provision, SettingsTable, Store } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { readEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";
import { claimFolder } from "../../plugin-api/system/folder-owner.ts";
import { hasLostLink } from "../../plugin-api/system/store-links.ts";
import { environmentKey } from "./key.ts";

/** A hit writes at most once in this time (SPEC SCR-03). */
const TOUCH_MS = 3_600_000;

/**
 * Enough that no two are the same. The path of the interpreter stands in the first line of each command, and beyond 127 bytes only a
 * shell in between can start it.
 */
const NAME_DIGITS = 32;

/** What an environment is made of, written last: without it the environment is unfinished. */
interface Contents {
  readonly dependencies: readonly string[];
  readonly python: string;
  readonly created: string;
  readonly pins: readonly { readonly name: string; readonly version: string }[];
}

export default async function environmentCache(session: Session): Promise<EnvironmentCache> {
  const [host, settings, clock] = await Promise.all([
    session.use(Host),
    session.use(SettingsTable),
    session.use(Clock),
  ]);
  const ensure = async (order: CachedOrder): Promise<CachedEnvironment> => {
    const key = environmentKey({ ...order, policy: order.policy ?? {}, settings });
    const name = order.isTemporary ? `${key.slice(0, 16)}-${process.pid}-${randomName(4)}` : key.slice(0, NAME_DIGITS);
    const root = path.join(host.dataDir, order.isTemporary ? "tmp" : "pep723-envs", name);
    const python = path.join(root, order.interpreter.scheme.scripts, pythonName(host.platform));
    const remove = order.isTemporary ? removeAtEnd(root) : () => {};
    const sitePackages = path.join(root, order.interpreter.scheme.purelib);
    const found = order.isTemporary || isAskedAnew(settings) ? undefined : readContents(root);
    if (found && fs.existsSync(python) && (await isAsMade(root, sitePackages, session))) {
      touch(root, clock.nowMs());
      session.emit({ type: "CacheHit", cache: "pep723-envs", key });
      return { root, python, sitePackages, isHit: true, pins: found.pins, remove };
    }
    session.emit({ type: "CacheMiss", cache: "pep723-envs", key });
    const provisioned = await make(session, order, root);
    if (order.isTemporary && !order.isDryRun) claimFolder(root);
    const pins = provisioned.resolution.pins.map(({ name: pin, version }) => ({ name: pin, version }));
    // Whoever finds the environment complete looks no further: nothing unfinished may be left when it is.
    ((await session.use(Store)) as Store & Partial<Disposable>)[Symbol.dispose]?.();
    if (!order.isDryRun)
      writeContents(root, {
        dependencies: textsOf(order),
        python: order.interpreter.path,
        created: isoTime(clock),
        pins,
      });
    return { root, python, sitePackages, isHit: false, pins, remove };
  };
  return { ensure };
}

const isAskedAnew = ({ entries }: SettingsTable): boolean =>
  entries.some(({ option, value }) => option.asksAnew && (Array.isArray(value) ? value.length > 0 : value === true));

/** Whether the packages still are those it was made of: pip and others can work in it too, and what it links to may be gone. */
async function isAsMade(root: string, sitePackages: string, session: Session): Promise<boolean> {
  const stamp = readEnvironmentStamp(root);
  const changedAtMs = fs.statSync(sitePackages, { throwIfNoEntry: false })?.mtimeMs;
  if (!stamp || changedAtMs === undefined || hasLostLink(sitePackages)) return false;
  if (changedAtMs === stamp.siteMtimeMs) return true;
  // Python itself makes `__pycache__` there, for modules that are single files.
  const installed = (await session.use(Environments)).installed(sitePackages, stamp);
  const isOurs = installed.every(({ wheelSha256 }) => wheelSha256 !== undefined);
  return isOurs && installed.length === Object.keys(stamp.wheels).length;
}

async function make(session: Session, order: CachedOrder, root: string): Promise<Provisioned> {
  const { provision } = await session.use(Provision);
  const { over } = order;
  if (!order.isDryRun) fs.mkdirSync(path.dirname(root), { recursive: true });
  return provision({
    demands: order.demands,
    ...(order.constraints && { constraints: order.constraints }),
    destination: { root, interpreter: order.interpreter, isExact: true, ...(over && { over: over.sitePackages }) },
    ...(over && { preferences: new Map(over.installed.map(({ name, version }) => [name, version])) }),
    ...(order.policy ? { policy: order.policy } : {}),
    ...(order.isDryRun ? { isDryRun: true } : {}),
  });
}

/** A login in a URL is not for a file that anybody may read. */
const textsOf = (order: CachedOrder): readonly string[] =>
  order.demands.map(({ text }) => text.trim().replace(/(\w:\/\/)[^/@\s]*@/, "$1")).sort();
const isoTime = (clock: Clock): string => new Date(clock.nowMs()).toISOString();
const pythonName = (platform: string): string => (platform === "win32" ? "python.exe" : "python");
const contentsFile = (root: string): string => path.join(root, "deps.json");

function readContents(root: string): Contents | undefined {
  try {
    return JSON.parse(fs.readFileSync(contentsFile(root), "utf8")) as Contents;
  } catch {
    return undefined;
  }
}

const writeContents = (root: string, contents: Contents): void =>
  writeAtomically(contentsFile(root), `${JSON.stringify(contents)}\n`);

/** The file's own time says when the environment was last used. */
function touch(root: string, nowMs: number): void {
  const file = contentsFile(root);
  if (nowMs - fs.statSync(file).mtimeMs > TOUCH_MS) fs.utimesSync(file, nowMs / 1000, nowMs / 1000);
}

/** The exit handler covers failures and signals; calling the result twice is harmless. */
function removeAtEnd(root: string): () => void {
  const remove = (): void => fs.rmSync(root, { recursive: true, force: true });
  process.once("exit", remove);
  return remove;
}
