import { spawnSync } from "node:child_process";
import path from "node:path";
import { perform } from "./project-scenario.ts";
import type { Command, Scenario, Side } from "./scenario.ts";

const ON = { PYBUN_DAEMON: "on", PYBUN_DAEMON_IDLE: "300" };
/** So often a person may have done the like in a terminal before. An even number: some go to and fro. */
const BEFORE = 14;
const LONGEST_MS = 20_000;
const STEP_MS = 20;
/** What comes after an answer is done by then. */
const REST_MS = 50;

/** The same scenario as people meet it in a terminal: run by a daemon that has run such commands before. */
export const byDaemon = (scenario: Scenario, target = scenario.target): Scenario => {
  const command = (side: Side): Command => {
    const own = scenario.command(side);
    return side.tool === "pybun" ? { ...own, env: { ...own.env, ...ON } } : own;
  };
  const { reset } = scenario;
  return {
    ...scenario,
    name: `${scenario.name}-daemon`,
    summary: `${scenario.summary}; by a daemon`,
    // That of the process that is asked says nothing.
    isMemoryMeasured: false,
    ...(target !== undefined && { target }),
    command,
    // A person's other commands are run by it as well, and not at the same moment.
    ...(reset !== undefined && {
      reset(side) {
        // What it still writes after an answer is to be taken out of the way, too.
        if (side.tool === "pybun") sleep(REST_MS);
        reset(side.tool === "pybun" ? { ...side, env: { ...side.env, ...ON } } : side);
        sleep(REST_MS);
      },
    }),
    prepare(side) {
      scenario.prepare?.(side);
      if (side.tool !== "pybun") return;
      // `run` becomes the program and leaves none behind.
      perform(side, { argv: ["venv", "--python", side.python, path.join(side.env["TMPDIR"] ?? "", "env")], env: ON });
      waitForDaemon(side);
      for (let at = 0; at < BEFORE; at++) {
        this.reset?.(side);
        perform(side, command(side));
      }
      if ((servedBy(side) ?? 0) < BEFORE / 2) throw new Error(`${scenario.name}: no daemon runs it`);
    },
  };
};

function waitForDaemon(side: Side): void {
  for (let waitedMs = 0; servedBy(side) === undefined; waitedMs += STEP_MS) {
    if (waitedMs > LONGEST_MS) throw new Error("no daemon has started");
    sleep(STEP_MS);
  }
}

const sleep = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** How many commands the daemon has run; undefined where there is none. */
function servedBy({ program, cwd, env }: Side): number | undefined {
  const { stdout } = spawnSync(program, ["--format=json", "daemon", "status"], { cwd, env, encoding: "utf8" });
  const { daemons } = (JSON.parse(stdout) as { data: { daemons: { served: number }[] } }).data;
  return daemons[0]?.served;
}
