// Imported by the fast path: not even node:fs and node:path may be imported here.
import { hashOf } from "../native.ts";
import { keptUnder } from "../state.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** To be raised when a server and who asks it would not understand each other. */
const PROTOCOL = "2";
/** Settled when Python starts, so that a server serves only those that have the same. */
const AT_START = /^(PYTHON|LC_|LANG$|LANGUAGE$|HOME$|TZ$|TZDIR$|LD_|MALLOC_|GLIBC_TUNABLES$)/;
/** Options that say the same to a Python that has started as to one that is going to. */
const SERVED_OPTION = /^-(u|O|OO|B|s|b|bb|P)$/;

export interface Wanted {
  /** Executable of the environment. */
  readonly python: string;
  readonly environment: string;
  readonly pythonOptions: readonly string[];
  /** As the program is to see them. */
  readonly variables: Variables;
}

/** Why no fork server can run this, as part of a sentence; undefined where one can. */
export function reasonAgainst({ pythonOptions, variables }: Wanted): string | undefined {
  if (process.platform !== "linux") return "there is one on Linux only";
  const option = pythonOptions.find((word) => !SERVED_OPTION.test(word));
  if (option !== undefined) return `Python was given ${option}`;
  if (isOff(variables["PYBUN_ZYGOTE"])) return "PYBUN_ZYGOTE is off";
  if (variables["CI"] && !isOff(variables["CI"])) return "CI is set";
  if (variables["INVOCATION_ID"] && variables["SYSTEMD_EXEC_PID"]) return "it is a service";
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

const isOff = (value: string | undefined): boolean => value !== undefined && /^(off|0|false|no|)$/i.test(value);

/** Folder of the servers for this, below the data directory; undefined where the variables don't say where that is. */
export function serverFolder(
  { python, environment, pythonOptions, variables }: Wanted,
  env: Variables,
): string | undefined {
  const names = Object.keys(variables).filter((name) => AT_START.test(name));
  const settled = names.sort().map((name) => `${name}=${variables[name]}`);
  const key = [PROTOCOL, python, environment, pythonOptions.join(" "), ...settled].join("\n");
  return keptUnder("zygote", key, env);
}

/** Name of the socket in that folder: a server per terminal session, one for all that have no terminal. */
export const socketName = (session: number, hasTerminal: boolean): string => (hasTerminal ? `${session}` : "detached");

/** What is learned by one program counts for it alone; equal texts are the same program. */
export const entryOf = (kind: string, text: string, cwd: string): string =>
  kind === "code" ? hashOf(text) : kind === "module" ? text : text.startsWith("/") ? text : `${cwd}/${text}`;
