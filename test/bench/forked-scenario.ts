import { spawnSync } from "node:child_process";
import type { Command, Side } from "./scenario.ts";

const ON = { PYBUN_ZYGOTE: "on", PYBUN_ZYGOTE_IDLE: "300" };
const LONGEST_MS = 60_000;
const STEP_MS = 50;

/** The command as people type it, with a fork server behind it. */
export const forked = (command: Command): Command => ({ ...command, env: { ...command.env, ...ON } });

/** Runs it until a server serves it and has nothing more to learn. Throws when that does not come about. */
export function warm(side: Side, command: Command): void {
  if (side.tool !== "pybun") return;
  const env = { ...side.env, ...forked(command).env };
  const { program = side.program, argv } = command;
  let before = "";
  for (let waitedMs = 0; waitedMs < LONGEST_MS; waitedMs += STEP_MS) {
    const { status, stderr } = spawnSync(program, argv, { cwd: side.cwd, env, encoding: "utf8" });
    if (status !== 0) throw new Error(`${argv.join(" ")} ended with ${status}: ${stderr}`);
    // Time to load what was learned; a server that loads does not answer.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STEP_MS);
    const now = modulesOf(side);
    if (now !== "" && now === before) return;
    before = now;
  }
  throw new Error("no fork server serves it");
}

/** How many modules the servers have loaded, where they have run programs. */
function modulesOf({ program, cwd, env }: Side): string {
  const { stdout } = spawnSync(program, ["--format=json", "zygote", "status"], { cwd, env, encoding: "utf8" });
  const { servers } = (JSON.parse(stdout) as { data: { servers: { served: number; modules: number }[] } }).data;
  return servers
    .filter(({ served }) => served > 1)
    .map(({ modules }) => modules)
    .join();
}
