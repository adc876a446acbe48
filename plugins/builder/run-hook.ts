import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { BuildSystem } from "./build-system.ts";
import type { ConfigSettings } from "./config-settings.ts";
import source from "./python/backend.py" with { type: "text" };

/** Where and with what hooks run. */
export interface HookPlace {
  /** The source tree. */
  readonly tree: string;
  /** Scratch folder for request and answer. */
  readonly scratch: string;
  /** Python of the build environment. */
  readonly python: string;
  readonly env: Readonly<Record<string, string>>;
  /** What the backend is told (PEP 517, `config_settings`). */
  readonly configSettings: ConfigSettings;
  /** Everything the hook prints is added to this file. */
  readonly log: string;
  readonly signal: AbortSignal;
}

export interface HookCall extends OneCall {
  /** Called in the same process where the backend has no such hook. */
  readonly otherwise?: OneCall;
}

export interface OneCall {
  readonly hook:
    | "get_requires_for_build_wheel"
    | "prepare_metadata_for_build_wheel"
    | "build_wheel"
    | "get_requires_for_build_editable"
    | "build_editable";
  readonly args: readonly string[];
}

/** What a hook answered; absent when the backend has no such hook. */
export type HookAnswer =
  | { readonly isPresent: true; readonly value: unknown }
  | { readonly isPresent: false; readonly otherwise?: HookAnswer };

/** The backend ended without an answer. */
export class HookFailed extends Error {
  override readonly name = "HookFailed";
}

const GRACE_MS = 5_000;

/** Calls one hook in a process in which none was called before, as PEP 517 advises. Throws `HookFailed`, or the signal's reason when aborted. */
export async function runHook(system: BuildSystem, call: HookCall, place: HookPlace): Promise<HookAnswer> {
  const { scratch, log, configSettings } = place;
  const [program, request, answer] = ["backend.py", "request.json", "answer.json"].map((name) =>
    path.join(scratch, name),
  ) as [string, string, string];
  fs.writeFileSync(program, source);
  fs.rmSync(answer, { force: true });
  const { backend, backendPath } = system;
  fs.writeFileSync(request, JSON.stringify({ ...call, backend, backendPath, configSettings, answer }));
  fs.appendFileSync(log, `# ${backend} ${call.hook}\n`);
  const ended = await startAndWait([program, request], place);
  place.signal.throwIfAborted();
  if (ended !== undefined || !fs.existsSync(answer))
    throw new HookFailed(ended ?? "the backend ended without an answer");
  return JSON.parse(fs.readFileSync(answer, "utf8")) as HookAnswer;
}

/** Undefined after a success, else how the process ended. */
function startAndWait(argv: readonly string[], place: HookPlace): Promise<string | undefined> {
  const { python, tree, env, log, signal } = place;
  const output = fs.openSync(log, "a");
  // A group of its own, so that compilers end with the backend that started them.
  const isGroup = process.platform !== "win32";
  const child = spawn(python, argv, {
    cwd: tree,
    env,
    // The last one is never written to: it is closed when this process ends, however that comes about.
    stdio: ["ignore", output, output, "pipe"],
    detached: isGroup,
    windowsHide: true,
  });
  fs.closeSync(output);
  return new Promise((resolve) => {
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
    const finish = (how: string | undefined): void => {
      signal.removeEventListener("abort", stop);
      clearTimeout(timer);
      resolve(how);
    };
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    child.on("error", (error) => finish(`can't start ${python}: ${error.message}`));
    child.on("exit", (status, name) => {
      // A backend that failed may have left compilers at work.
      if (status !== 0) kill("SIGKILL");
      child.stdio[3]?.destroy();
      finish(status === 0 ? undefined : `ended ${name ? `by ${name}` : `with status ${status}`}`);
    });
  });
}
