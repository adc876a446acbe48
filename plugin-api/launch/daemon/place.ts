// Imported by the start of the executable: not even node:fs and node:path may be imported here.
import { backgroundFolder, reasonAgainstBackground, type Variables } from "../background.ts";
import { fileState } from "../native.ts";

/** To be raised when a daemon and who asks it would not understand each other. */
export const PROTOCOL = "2";
/** What the runtime reads once, at its start. */
export const AT_START = ["BUN_*", "NODE_*", "JSC_*", "SSL_*", "OPENSSL_*", "UV_THREADPOOL_SIZE"];

/** Places that are others for each process. */
export const OWN_PLACES = ["/dev/fd/", "/dev/tty", "/proc/self", "/proc/thread-self"];

/** Whether a daemon may be asked. */
export const isAllowed = (argv: readonly string[], env: Variables): boolean =>
  !argv.includes("--no-daemon") &&
  !argv.some((word) => OWN_PLACES.some((place) => word.includes(place))) &&
  reasonAgainstBackground("PYBUN_DAEMON", env) === undefined;

/** Folder of the daemons of this executable, below the data directory; undefined where the variables don't say where that is. */
export function daemonFolder(env: Variables): string | undefined {
  const words = [PROTOCOL, `${process.execPath} ${fileState(process.execPath)}`];
  return backgroundFolder({ kind: "daemon", words, variables: env, atStart: AT_START }, env);
}
