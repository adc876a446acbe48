import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { externalCommand } from "./external-command.ts";
import { type FolderEvent, type Inotify, openInotify } from "./native.ts";
import type { Backend, Sight } from "./watcher.ts";

/** How often everything is looked at where nothing tells of changes. */
const POLL_MS = 500;
/** Looking takes at most this part of the time. */
const POLL_SHARE = 10;

/** Told of when the system can't watch (all of it): the reason as part of a sentence. */
type OnPolling = (reason: string) => void;

/** Inotify on Linux, what the system has elsewhere; polling where that is not enough. */
export function nativeBackend(sight: Sight, onPolling: OnPolling): Backend {
  if (process.platform !== "linux") return systemBackend(sight, onPolling);
  const inotify = openInotify();
  if (inotify === undefined) {
    onPolling("the system gives no more inotify instances (fs.inotify.max_user_instances)");
    return pollingBackend(sight);
  }
  return inotifyBackend(inotify, sight, onPolling);
}

/** One watch for each folder (SPEC WAT-02). */
function inotifyBackend(inotify: Inotify, sight: Sight, onPolling: OnPolling): Backend {
  const folderOf = new Map<number, string>();
  const watchOf = new Map<string, number>();
  let polling: Backend | undefined;
  const add = (folder: string): void => {
    const watch = inotify.add(folder);
    if (watch !== undefined) {
      folderOf.set(watch, folder);
      watchOf.set(folder, watch);
    } else if (polling === undefined && isReadable(folder)) {
      polling = pollingBackend(sight);
      onPolling(`the system's limit of watched folders is reached (fs.inotify.max_user_watches)`);
    }
  };
  const drop = (folder: string): void => {
    for (const [each, watch] of watchOf) {
      if (each !== folder && !each.startsWith(`${folder}/`)) continue;
      inotify.remove(watch);
      watchOf.delete(each);
      folderOf.delete(watch);
    }
    sight.forget(folder);
  };
  // A folder that is looked at is watched before: what comes meanwhile is then seen twice, not missed.
  const enter = (folder: string): void => {
    if (!watchOf.has(folder)) add(folder);
    for (const fresh of sight.look(folder)) if (!watchOf.has(fresh)) enter(fresh);
  };
  const take = ({ watch, name, kind }: FolderEvent): void => {
    if (kind === "lost") return sight.roots.forEach(enter);
    const folder = folderOf.get(watch);
    if (folder === undefined) return;
    const file = path.join(folder, name);
    if (kind === "ended") return drop(folder);
    if (kind === "folder-gone") return drop(file);
    if (kind === "folder-arrived") return enterUnlessLeftOut(file, sight, enter);
    if (sight.isWatched(file)) sight.touch(file, kind === "created" && isEmpty(file));
  };
  for (const folder of sight.folders) add(folder);
  const away = awaitRoots(sight, watchOf, enter);
  void (async () => {
    for await (const events of inotify.events()) events.forEach(take);
  })().catch((error: unknown) => {
    polling ??= pollingBackend(sight);
    onPolling(`watching ended: ${(error as Error).message}`);
  });
  const stop = (): void => {
    clearInterval(away);
    inotify.close();
    polling?.stop();
  };
  return { name: polling === undefined ? "inotify" : "polling", stop };
}

/** A folder that was removed and made again is another one, and nobody tells of it. */
function awaitRoots(sight: Sight, watched: ReadonlyMap<string, number>, enter: (folder: string) => void) {
  return setInterval(() => {
    for (const root of sight.roots) if (!watched.has(root) && isReadable(root)) enter(root);
  }, POLL_MS).unref();
}

/** Of what is not watched the watch would end at once: `look` knows nothing of it. */
function enterUnlessLeftOut(folder: string, sight: Sight, enter: (folder: string) => void): void {
  const probe = path.join(folder, "x.py");
  if (sight.isWatched(probe) || sight.look(folder).length > 0) enter(folder);
}

const isEmpty = (file: string): boolean => {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  return stat !== undefined && stat.isFile() && stat.size === 0;
};

function isReadable(folder: string): boolean {
  try {
    fs.accessSync(folder, fs.constants.R_OK | fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** FSEvents on macOS and ReadDirectoryChangesW on Windows, both of which watch whole trees. */
function systemBackend(sight: Sight, onPolling: OnPolling): Backend {
  const open: fs.FSWatcher[] = [];
  try {
    for (const root of sight.roots)
      open.push(
        fs.watch(root, { recursive: true }, (_event, name) => {
          if (name === null) return void sight.look(root);
          const file = path.join(root, name);
          if (sight.isWatched(file)) sight.touch(file);
          else if (fs.statSync(file, { throwIfNoEntry: false })?.isDirectory()) sight.look(file);
        }),
      );
  } catch (error) {
    for (const watcher of open) watcher.close();
    onPolling(`the system refused to watch: ${(error as Error).message}`);
    return pollingBackend(sight);
  }
  return { name: "system", stop: () => open.forEach((watcher) => watcher.close()) };
}

/** Looks at everything again and again. */
export function pollingBackend(sight: Sight): Backend {
  let timer: NodeJS.Timeout;
  const poll = (): void => {
    const startedAtMs = performance.now();
    for (const root of sight.roots) sight.look(root);
    timer = setTimeout(poll, Math.max(POLL_MS, (performance.now() - startedAtMs) * POLL_SHARE));
  };
  timer = setTimeout(poll, POLL_MS);
  return { name: "polling", stop: () => clearTimeout(timer) };
}

/** Another program watches and names what changed, one path a line, until it ends. Throws `E_WATCH_BACKEND` when it is not there. */
export function externalBackend(sight: Sight, onPolling: OnPolling): Backend {
  const [program = "", ...args] = externalCommand(sight.roots);
  if (!isOnPath(program))
    throw new PybunError("E_WATCH_BACKEND", `no \`${program}\` on PATH to watch with`, {
      hints: ["PyBun watches by itself: `pybun watch --backend native --show-config`"],
    });
  const child: ChildProcess = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
  let rest = "";
  child.stdout?.on("data", (piece: Buffer) => {
    const lines = (rest + piece.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const file of lines) {
      if (sight.isWatched(file)) sight.touch(file);
      else sight.look(path.dirname(file));
    }
  });
  let isStopped = false;
  let polling: Backend | undefined;
  const poll = (reason: string): void => {
    if (isStopped || polling !== undefined) return;
    polling = pollingBackend(sight);
    onPolling(reason);
  };
  child.once("error", (error) => poll(`\`${program}\` can't be run: ${error.message}`));
  child.once("close", () => poll(`\`${program}\` ended`));
  return {
    name: program,
    pid: child.pid,
    stop() {
      isStopped = true;
      child.kill();
      polling?.stop();
    },
  };
}

const isOnPath = (program: string): boolean =>
  (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .some((folder) => folder !== "" && fs.existsSync(path.join(folder, program)));
