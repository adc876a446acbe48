import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { Profiles } from "../../plugin-api/profile.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { DEFAULT_EXCLUDE, DEFAULT_INCLUDE, type Patterns } from "./patterns.ts";
import { settings } from "./settings.ts";

/** Everything that decides what is watched and what is done about it. */
export interface WatchConfig extends Patterns {
  /** Absolute folders. */
  readonly roots: readonly string[];
  readonly debounceMs: number;
  /** How long it has to be quiet before a program is started again. */
  readonly restartAfterMs: number;
  readonly backend: "auto" | "native" | "external";
  readonly isHot: boolean;
  /** Act on changes, or only tell of them. */
  readonly reloads: boolean;
  readonly clears: boolean;
}

/** What was typed; absent parts are the settings'. */
export interface Typed {
  readonly path?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly debounce?: number | undefined;
  readonly backend?: WatchConfig["backend"] | undefined;
  readonly reload?: boolean;
  readonly clear?: boolean;
}

/** A start costs, so what belongs together is waited for; a patch does not, and has to be there at once (SPEC WAT-04). */
// Only Linux says when a file has been written to its end.
const QUIET_MS = { restart: 200, hot: process.platform === "linux" ? 2 : 20 };

/** Throws `E_WATCH_PATH`, and what is wrong with the profile. */
export async function watchConfig(typed: Typed, session: Session): Promise<WatchConfig> {
  // Makes the settings what the profile says.
  await session.use(Profiles);
  const set = settingsOf(session, settings);
  const isHot = set.hotReload && process.platform !== "win32";
  const asked = typed.debounce ?? set.watchDebounceMs;
  const { roots, only } = placesIn(typed.path ?? [], session.cwd);
  const include = firstOf(typed.include, only, set.watchInclude, DEFAULT_INCLUDE);
  return {
    roots,
    include,
    exclude: [...DEFAULT_EXCLUDE, ...set.watchExclude, ...(typed.exclude ?? [])],
    debounceMs: asked ?? (isHot ? QUIET_MS.hot : QUIET_MS.restart),
    restartAfterMs: asked ?? QUIET_MS.restart,
    backend: typed.backend ?? set.watchBackend,
    isHot,
    reloads: typed.reload !== false && set.watchReload,
    clears: typed.clear === true,
  };
}

const firstOf = (...lists: readonly (readonly string[] | undefined)[]): readonly string[] =>
  lists.find((list) => list !== undefined && list.length > 0) ?? [];

/** A file is watched in its folder, where alone it shows that it was put in place of another. */
function placesIn(paths: readonly string[], cwd: string) {
  const roots = new Set<string>();
  const only: string[] = [];
  for (const each of paths.length === 0 ? ["."] : paths) {
    const full = path.resolve(cwd, each);
    const stat = fs.statSync(full, { throwIfNoEntry: false });
    if (stat === undefined)
      throw new PybunError("E_WATCH_PATH", `nothing to watch at \`${each}\`: there is no such path`);
    if (stat.isDirectory()) roots.add(full);
    else {
      roots.add(path.dirname(full));
      only.push(`/${path.basename(full)}`);
    }
  }
  const all = [...roots];
  const outermost = all.filter(
    (root) => !all.some((other) => root !== other && root.startsWith(`${other}${path.sep}`)),
  );
  return { roots: outermost, only: paths.length > 0 && only.length === paths.length ? only : [] };
}
