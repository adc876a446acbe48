import path from "node:path";
import { executablePath } from "../../harness/executable.ts";
import { forked, warm } from "../forked-scenario.ts";
import { perform, sync, writeLocked } from "../project-scenario.ts";
import type { Command, Scenario, Side } from "../scenario.ts";

const WORDS = ["flask", "--version"];

/** The interpreter's side is that of an environment which PyBun made. */
function prepare(side: Side): void {
  const maker = side.tool === "python" ? { ...side, program: executablePath() } : side;
  writeLocked(maker, ["flask"]);
  perform(maker, sync(side));
}

function command(side: Side): Command {
  if (side.tool !== "python") return { argv: ["run", ...WORDS] };
  const [name = "", ...args] = WORDS;
  return { program: path.join(side.cwd, ".venv", "bin", name), argv: args };
}

const byName: Scenario = {
  name: "run-command",
  summary: "a command of the environment by its name: run flask --version",
  peer: "uv",
  target: 0.75,
  pairs: 25,
  on: "tmpfs",
  prepare,
  command,
};

const byNameForked: Scenario = {
  ...byName,
  name: "run-command-forked",
  summary: "the same by a fork server",
  target: 0.3,
  prepare: (side) => {
    prepare(side);
    warm(side, command(side));
  },
  command: (side) => (side.tool === "pybun" ? forked(command(side)) : command(side)),
};

export const runCommand: readonly Scenario[] = [
  byName,
  byNameForked,
  {
    ...byNameForked,
    name: "run-command-floor",
    summary: "the same, against the command itself",
    peer: "python",
    target: 0.3,
  },
];
