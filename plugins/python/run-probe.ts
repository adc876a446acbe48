import { execFile } from "node:child_process";
import source from "./python/probe.py" with { type: "text" };
import type { Facts, Finding } from "./record.ts";

/** A cold disk and a virus scanner may make a start slow; an interpreter that needs longer hangs. */
const TIMEOUT_MS = 10_000;

/** What `probe.py` prints. */
export type Probed = Omit<Facts, "path" | "basePath" | "isVirtual"> & {
  readonly executable: string;
  readonly baseExecutable: string;
};
export interface Probe {
  readonly finding: Probed | Extract<Finding, { kind: "refused" }>;
  /** The same will be found next time, so it may be remembered. */
  readonly isFinal: boolean;
}

/** Starts the executable once, isolated from its user's configuration, and reads what it says of itself. */
export function runProbe(executable: string, env: Readonly<Record<string, string | undefined>>): Promise<Probe> {
  return new Promise((resolve) => {
    const child = execFile(
      executable,
      ["-I", "-S", "-B", "-c", source],
      { env: cleanEnvironment(env), timeout: TIMEOUT_MS, killSignal: "SIGKILL", maxBuffer: 1 << 20, windowsHide: true },
      (error, stdout, stderr) =>
        resolve(error ? { finding: refused(explain(error, stderr)), isFinal: false } : read(stdout)),
    );
    child.stdin?.end();
  });
}

/** Without what would change which Python starts, or how. */
function cleanEnvironment(env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(?:PYTHON|BUN_|__PYVENV_LAUNCHER__$|VIRTUAL_ENV$)/.test(name));
  return Object.fromEntries(kept);
}

function read(stdout: string): Probe {
  const line = stdout.trimEnd().split("\n").at(-1) ?? "";
  let probed: Partial<Probed>;
  try {
    probed = JSON.parse(line) as Partial<Probed>;
  } catch {
    return { finding: refused("is not a Python"), isFinal: false };
  }
  if (typeof probed.version !== "string") return { finding: refused("is not a Python"), isFinal: false };
  if (probed.markers === undefined) return { finding: refused(tooOld(probed.version)), isFinal: true };
  return { finding: probed as Probed, isFinal: true };
}

export const tooOld = (version: string): string => `is Python ${version}; PyBun works with 3.9 and newer`;

export const refused = (reason: string): Extract<Finding, { kind: "refused" }> => ({ kind: "refused", reason });

interface Failure extends Error {
  readonly code?: string | number | null;
  readonly signal?: string | null;
  readonly killed?: boolean;
}

function explain(error: Failure, stderr: string): string {
  if (error.killed) return `did not answer within ${TIMEOUT_MS / 1000} s`;
  if (typeof error.code === "string") return `can't be started (${error.code})`;
  const said = stderr.trim().split("\n").at(-1)?.trim().slice(0, 200);
  // Python 2 does not know `-I`.
  if (said && /unknown option:? -I/i.test(stderr)) return tooOld("2");
  const end = error.signal ? `ended by ${error.signal}` : `ended with status ${error.code}`;
  return said ? `${end}: ${said}` : end;
}
