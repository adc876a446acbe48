import { spawn } from "node:child_process";

export interface GitCall {
  /** Absolute path of git. */
  readonly git: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}
export interface GitResult {
  readonly isOk: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

const GRACE_MS = 5_000;
/** Of what git says, the end counts. */
const KEPT_CHARACTERS = 8 * 1024 * 1024;

/** Runs git to its end, without a terminal to ask on. Throws the signal's reason when aborted. */
export function runGit({ git, args, cwd, env, signal }: GitCall): Promise<GitResult> {
  // A session of its own: ssh would ask on the terminal of ours, and what git started ends with it.
  const isGroup = process.platform !== "win32";
  const child = spawn(git, args, {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: isGroup,
    windowsHide: true,
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout = (stdout + text).slice(-KEPT_CHARACTERS)));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-KEPT_CHARACTERS)));
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const kill = (name: NodeJS.Signals): void => {
      try {
        if (isGroup && child.pid !== undefined) process.kill(-child.pid, name);
        else child.kill(name);
      } catch {
        return; // it has ended already
      }
    };
    const stop = (): void => {
      kill("SIGTERM");
      timer = setTimeout(() => kill("SIGKILL"), GRACE_MS);
    };
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    const end = (): void => {
      signal.removeEventListener("abort", stop);
      clearTimeout(timer);
    };
    child.on("error", (error) => {
      end();
      reject(error);
    });
    child.on("close", (status) => {
      end();
      if (signal.aborted) reject(signal.reason as Error);
      else resolve({ isOk: status === 0, stdout, stderr });
    });
  });
}
