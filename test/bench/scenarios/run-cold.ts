import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { Scenario, Side } from "../scenario.ts";
import { runScript } from "../script-scenario.ts";

/** Of Linux, for root. */
const DROP = "/proc/sys/vm/drop_caches";

/** Files are read from the disk again, as after the machine has started. */
function dropCaches(): void {
  spawnSync("sync");
  fs.writeFileSync(DROP, "3");
}

const cold = {
  pairs: 5,
  on: "disk",
  prepare: (side: Side) => fs.writeFileSync(path.join(side.cwd, "hello.py"), 'print("hello")\n'),
  reset: dropCaches,
  command: (side: Side) => runScript(side, "hello.py"),
} as const satisfies Partial<Scenario>;

/** A repeated call, when nothing of it is in memory. No fork server is there either. */
export const runCold: readonly Scenario[] = [
  { ...cold, name: "run-hello-cold", summary: "run hello.py after the page cache was dropped", peer: "uv" },
  { ...cold, name: "run-hello-cold-floor", summary: "the same, against the interpreter itself", peer: "python" },
];
