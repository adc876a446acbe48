import { spawnSync } from "node:child_process";
import path from "node:path";
import { pythonPathWith } from "../../plugin-api/launch/python-path.ts";
import type { Wanted } from "../../plugin-api/launch/zygote/place.ts";
import type { Bootstrap, StartForkServer } from "../../plugin-api/stages.ts";
import { BESIDE, prepareBackground } from "../../plugin-api/system/background-process.ts";
import { bootstrapFolder } from "../../plugin-api/system/bootstrap-folder.ts";
import caller from "./python/caller.py" with { type: "text" };
import child from "./python/child.py" with { type: "text" };
import ending from "./python/ending.py" with { type: "text" };
import finder from "./python/finder.py" with { type: "text" };
import group from "./python/group.py" with { type: "text" };
import learned from "./python/learned.py" with { type: "text" };
import look from "./python/look.py" with { type: "text" };
import memory from "./python/memory.py" with { type: "text" };
import modules from "./python/modules.py" with { type: "text" };
import process from "./python/process.py" with { type: "text" };
import source from "./python/server.py" with { type: "text" };
import spare from "./python/spare.py" with { type: "text" };
import start from "./python/start.py" with { type: "text" };
import target from "./python/target.py" with { type: "text" };
import watch from "./python/watch.py" with { type: "text" };

const IDLE_SECONDS = 600;
/** One more ends the one that was used least recently. */
const MOST_SERVERS = 8;
/** Room for the command line that a program is to be seen with. */
const ROOM = " ".repeat(4096);
const PARTS = {
  zygote_caller: caller,
  zygote_child: child,
  zygote_ending: ending,
  zygote_finder: finder,
  zygote_group: group,
  zygote_learned: learned,
  zygote_look: look,
  zygote_memory: memory,
  zygote_modules: modules,
  zygote_process: process,
  zygote_spare: spare,
  zygote_start: start,
  zygote_target: target,
  zygote_watch: watch,
};
const BOOTSTRAP: Bootstrap = { name: "zygote", source, config: null, parts: PARTS };

/** Starts a server in the background, a child of nobody; whether it succeeds, the next program will see. Never throws. */
export const startServer: StartForkServer = (wanted, place) => {
  try {
    launch(wanted, place);
  } catch {
    // A server is a gain, not a need: a full disk, say, is told of by what needs it.
  }
};

function launch(
  { python, pythonOptions, variables, bootstraps: started = "" }: Wanted,
  { socket, hasTerminal }: Parameters<StartForkServer>[1],
): void {
  if (!prepareBackground(socket, MOST_SERVERS)) return;
  const folder = path.dirname(socket);
  const bootstraps = bootstrapFolder([BOOTSTRAP], path.dirname(path.dirname(folder)));
  const argv = [
    python,
    ...pythonOptions,
    path.join(bootstraps, "_pybun_zygote.py"),
    socket,
    path.join(folder, "modules"),
    hasTerminal ? "terminal" : "detached",
    String(Number(variables["PYBUN_ZYGOTE_IDLE"]) || IDLE_SECONDS),
    started,
    ROOM,
  ];
  const env = { ...variables, PYTHONPATH: pythonPathWith(bootstraps, variables["PYTHONPATH"]) };
  // The shell ends at once, so that the server is no child of the program that this process is about to become.
  const script = 'log=$0; exec </dev/null >"$log" 2>&1; "$@" &';
  // It sets PWD, and what a program has is compared with what the server was meant to have.
  const { PWD } = variables;
  const words = [socket + BESIDE.log, "/usr/bin/env", ...(PWD === undefined ? ["-u", "PWD"] : [`PWD=${PWD}`]), ...argv];
  spawnSync("/bin/sh", ["-c", script, ...words], { cwd: "/", env, stdio: "ignore" });
}
