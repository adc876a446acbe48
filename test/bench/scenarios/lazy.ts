import fs from "node:fs";
import path from "node:path";
import { executablePath } from "../../harness/executable.ts";
import { forked, warm } from "../forked-scenario.ts";
import { EVERYTHING, type LazyTool, lazyConfiguration, lazyTools } from "../lazy-tools.ts";
import { perform } from "../project-scenario.ts";
import type { Scenario, Side } from "../scenario.ts";

const configFile = (side: Side): string => path.join(side.cwd, "lazy.toml");
const inEnvironment = (side: Side, program: string): string => path.join(side.cwd, ".venv", "bin", program);

/** A tool is started by its environment's Python, and by PyBun with all imports waiting. */
const starting = ({ name, requirements = [name], command: [program, ...args], deny }: LazyTool): Scenario => ({
  name: `lazy-${name}`,
  summary: `${[program, ...args].join(" ")}: run with all imports waiting, against python`,
  peer: "python",
  target: 0.6,
  pairs: 15,
  on: "disk",
  prepare: (side) => {
    fs.writeFileSync(configFile(side), lazyConfiguration(EVERYTHING, deny));
    const ours = (argv: readonly string[]) => perform(side, { program: executablePath(), argv, env: variables(side) });
    ours(["venv", "--python", side.python, ".venv"]);
    ours(["pip", "install", "--bytecode", "wait", ...requirements]);
  },
  command: (side) =>
    side.tool === "pybun"
      ? { argv: ["run", program, ...args], env: variables(side) }
      : { program: inEnvironment(side, "python"), argv: [inEnvironment(side, program), ...args] },
});

const variables = (side: Side): Readonly<Record<string, string>> => ({
  PYBUN_CONFIG_FILE: configFile(side),
  VIRTUAL_ENV: path.join(side.cwd, ".venv"),
});

function forkedStart(plain: Scenario): Scenario {
  return {
    ...plain,
    name: `${plain.name}-forked`,
    summary: "the same by a fork server",
    prepare: (side) => {
      plain.prepare?.(side);
      warm(side, plain.command(side));
    },
    command: (side) => (side.tool === "pybun" ? forked(plain.command(side)) : plain.command(side)),
  };
}

export const lazyStarts: readonly Scenario[] = lazyTools.map(starting).flatMap((plain) => [plain, forkedStart(plain)]);
