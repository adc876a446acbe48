import fs from "node:fs";
import path from "node:path";
import { askServer } from "../../plugin-api/launch/zygote/ask.ts";
import { reasonAgainst } from "../../plugin-api/launch/zygote/place.ts";
import type { Acceleration, ChosenEnvironment, Invocation } from "../../plugin-api/stages.ts";
import { explain } from "./explain.ts";

interface Around {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As the program is to see them, but for what starts `bootstraps`. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Has a fork server run the program, and ends as it ends. Returns only where it did not run. */
export async function runByFork(invocation: Invocation, environment: ChosenEnvironment, around: Around): Promise<void> {
  const { accelerations = [], isExplained = false } = invocation;
  const tell = ({ isUsed, reason }: Omit<Acceleration, "name">): void => {
    if (isExplained) explain([...accelerations, { name: "fork server", isUsed, reason }], environment);
  };
  const reason = await declined(invocation, environment, { ...around, tell: () => tell({ isUsed: true, reason: "" }) });
  tell({ isUsed: false, reason });
}

async function declined(
  invocation: Invocation,
  environment: ChosenEnvironment,
  { env, variables, tell }: Around & { readonly tell: () => void },
): Promise<string> {
  const { kind, target: text, startForkServer, pythonOptions: typed, addedOptions = [], args, cwd } = invocation;
  if (!startForkServer) return "it is switched off";
  if (kind === "command") return "a command is started as it is";
  if (kind === "stdin") return "the program comes from standard input";
  if (invocation.bootstraps?.length) return "what takes part in this run starts with Python";
  const pythonOptions = [...addedOptions, ...typed];
  const wanted = { python: environment.python, environment: environment.path, pythonOptions, variables };
  const against = reasonAgainst(wanted);
  if (against !== undefined) return against;
  const { reason, missing } = await askServer({ ...wanted, kind, text, args, cwd }, env, tell);
  // A first run may stay the only one; where there has been a server, it did not.
  if (missing && fs.existsSync(path.dirname(missing.socket))) startForkServer(wanted, missing);
  return reason;
}
