// Imported by the start of the executable: not even node:fs and node:path may be imported here.
import { fileState } from "../native.ts";
import { keptUnder } from "../state.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** To be raised when a daemon and who asks it would not understand each other. */
const PROTOCOL = "1";
/** What the runtime and the system's libraries read once, at their start. */
const AT_START =
  /^(BUN_|NODE_|JSC_|LC_|LANG$|LANGUAGE$|TZ$|TZDIR$|LD_|MALLOC_|GLIBC_TUNABLES$|SSL_|OPENSSL_|UV_THREADPOOL_SIZE$)/;

/** Why no daemon is asked; undefined where one can be. */
export function reasonAgainst(argv: readonly string[], env: Variables): string | undefined {
  if (process.platform !== "linux") return "there is one on Linux only";
  if (isOff(env["PYBUN_DAEMON"])) return "PYBUN_DAEMON is off";
  if (argv.includes("--no-daemon")) return "--no-daemon was given";
  if (env["CI"] && !isOff(env["CI"])) return "CI is set";
  if (env["INVOCATION_ID"] && env["SYSTEMD_EXEC_PID"]) return "it is a service";
  return undefined;
}

const isOff = (value: string | undefined): boolean => value !== undefined && /^(off|0|false|no|)$/i.test(value);

/** Folder of the daemons of this executable, below the data directory; undefined where the variables don't say where that is. */
export function daemonFolder(preset: string, env: Variables): string | undefined {
  const names = Object.keys(env).filter((name) => AT_START.test(name));
  const settled = names.sort().map((name) => `${name}=${env[name]}`);
  const executable = `${process.execPath} ${fileState(process.execPath)}`;
  return keptUnder("daemon", [PROTOCOL, executable, preset, ...settled].join("\n"), env);
}
