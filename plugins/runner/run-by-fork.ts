import fs from "node:fs";
import path from "node:path";
import { askServer } from "../../plugin-api/launch/zygote/ask.ts";
import { reasonAgainst } from "../../plugin-api/launch/zygote/place.ts";
import type { Acceleration, ChosenEnvironment, Invocation } from "../../plugin-api/stages.ts";
import { explain } from "./explain.ts";
import type { Command } from "./find-command.ts";

interface Around {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As the program is to see them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Folder of what takes part in the run. */
  readonly bootstraps: string | undefined;
}

interface Run {
  readonly invocation: Invocation;
  readonly environment: ChosenEnvironment;
  /** What the target's name led to, where it is one. */
  readonly command: Command | undefined;
}

/** Has a fork server run the program, and ends as it ends. Returns only where it did not run. */
export async function runByFork(run: Run, around: Around): Promise<void> {
  const { accelerations = [], isExplained = false } = run.invocation;
  const tell = ({ isUsed, reason }: Omit<Acceleration, "name">): void => {
    if (isExplained) explain([...accelerations, { name: "fork server", isUsed, reason }], run.environment);
  };
  const reason = await declined(run, { ...around, tell: () => tell({ isUsed: true, reason: "" }) });
  tell({ isUsed: false, reason });
}

async function declined(
  { invocation, environment, command }: Run,
  { env, variables, bootstraps, tell }: Around & { readonly tell: () => void },
): Promise<string> {
  const { kind, startForkServer, pythonOptions: typed, addedOptions = [], args, cwd } = invocation;
  if (!startForkServer) return "it is switched off";
  if (kind === "stdin") return "the program comes from standard input";
  if (invocation.bootstraps?.some(({ isForkable }) => !isForkable))
    return "what takes part in this run starts with Python";
  const python = kind === "command" ? command?.interpreter : environment.python;
  if (python === undefined) return "the command is no Python script of the environment";
  const pythonOptions = kind === "command" ? [] : [...addedOptions, ...typed];
  const wanted = { python, environment: environment.path, pythonOptions, variables, ...(bootstraps && { bootstraps }) };
  const against = reasonAgainst(wanted);
  if (against !== undefined) return against;
  const text = command?.file ?? invocation.target;
  const { reason, missing } = await askServer({ ...wanted, kind, text, args, cwd }, env, tell);
  // A first run may stay the only one; where there has been a server, it did not.
  if (missing && fs.existsSync(path.dirname(missing.socket))) startForkServer(wanted, missing);
  return reason;
}
