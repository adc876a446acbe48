// Imported by the fast path: not even node:fs and node:path may be imported here.
import { backgroundFolder, reasonAgainstBackground, type Variables } from "../background.ts";
import { hashOf } from "../native.ts";

/** To be raised when a server and who asks it would not understand each other. */
const PROTOCOL = "3";
/** Settled when Python starts, so that a server serves only those that have the same. */
const AT_START = ["PYTHON*", "HOME"];
/** Options that say the same to a Python that has started as to one that is going to. */
const SERVED_OPTION = /^-(u|O|OO|B|s|b|bb|P)$/;

export interface Wanted {
  /** Executable of the environment. */
  readonly python: string;
  readonly environment: string;
  readonly pythonOptions: readonly string[];
  /** As the program is to see them. */
  readonly variables: Variables;
  /** Folder of what takes part in the run, as it would be first on PYTHONPATH; absent for nothing. */
  readonly bootstraps?: string;
}

/** Why no fork server can run this, as part of a sentence; undefined where one can. */
export function reasonAgainst({ pythonOptions, variables }: Wanted): string | undefined {
  const reason = reasonAgainstBackground("PYBUN_ZYGOTE", variables);
  if (reason !== undefined) return reason;
  const option = pythonOptions.find((word) => !SERVED_OPTION.test(word));
  if (option !== undefined) return `Python was given ${option}`;
  if (
    variables["PYTHONPYCACHEPREFIX"] ||
    variables["PYTHONCOERCECLOCALE"] === "warn" ||
    variables["PYTHONINSPECT"] ||
    variables["PYTHONPROFILEIMPORTTIME"] ||
    variables["PYTHONVERBOSE"]
  )
    return "a PYTHON* variable changes how Python starts";
  const searched = variables["PYTHONPATH"]?.split(":") ?? [];
  if (searched.some((folder) => !folder.startsWith("/"))) return "PYTHONPATH has a relative folder";
  return undefined;
}

/** Folder of the servers for this, below the data directory; undefined where the variables don't say where that is. */
export function serverFolder(
  { python, environment, pythonOptions, variables, bootstraps }: Wanted,
  env: Variables,
): string | undefined {
  const words = [PROTOCOL, python, environment, pythonOptions.join(" "), ...(bootstraps ? [bootstraps] : [])];
  return backgroundFolder({ kind: "zygote", words, variables, atStart: AT_START }, env);
}

/** What is learned by one program counts for it alone; equal texts are the same program. */
export const entryOf = (kind: string, text: string, cwd: string): string =>
  kind === "code" ? hashOf(text) : kind === "module" ? text : text.startsWith("/") ? text : `${cwd}/${text}`;
