import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { cleanEnvironment } from "./clean-environment.ts";
import { removeTree } from "./files.ts";

/** What became of one test file: uvu's own counts, and what it printed. */
export interface FileResult {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly durationMs: number;
  readonly output: string;
  /** Why the file failed beyond its tests: it crashed, ran none, hung, or left files behind. */
  readonly fault?: string;
}

/** Runs one test file in a process, home and temporary folder of its own, and removes the folders. */
export async function runFile(root: string, file: string, timeoutMs: number): Promise<FileResult> {
  const scratch = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "pybun-test-"));
  const folders = { home: path.join(scratch, "home"), temporary: path.join(scratch, "tmp") };
  for (const folder of Object.values(folders)) fs.mkdirSync(folder);
  const startedAtMs = performance.now();
  try {
    const env = { ...cleanEnvironment({ ...folders, keepsProxies: true }), FORCE_COLOR: "0" };
    const ended = await execute(file, { root, env, timeoutMs });
    const leftovers = fs.readdirSync(folders.temporary);
    return judge({ ...ended, file, leftovers, durationMs: performance.now() - startedAtMs });
  } finally {
    removeTree(scratch);
  }
}

interface Ended {
  readonly output: string;
  readonly exitCode: number | null;
  /** Whether it was ended because its time was up. */
  readonly hung: boolean;
}

function execute(
  file: string,
  { root, env, timeoutMs }: { root: string; env: Record<string, string>; timeoutMs: number },
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let hung = false;
    const collect = (chunk: string): void => {
      output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    const timer = setTimeout(() => {
      hung = true;
      child.kill("SIGKILL");
    }, timeoutMs);
    child.on("error", reject);
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      resolve({ output, exitCode, hung });
    });
  });
}

/** Turns the end of a test process into counts; a file that can't be trusted to have run its tests counts as a failure. */
export function judge(
  ended: Ended & { readonly file: string; readonly leftovers: readonly string[]; readonly durationMs: number },
): FileResult {
  const { file, output, durationMs } = ended;
  const count = (label: string): number | undefined => {
    const all = [...output.matchAll(new RegExp(`^ {2}${label}: +(\\d+)$`, "gm"))];
    return all.length === 0 ? undefined : Number(all.at(-1)?.[1]);
  };
  const total = count("Total");
  const passed = count("Passed") ?? 0;
  const failed = (total ?? 0) - passed;
  const result = { file, passed, skipped: count("Skipped") ?? 0, durationMs, output };
  const fault = faultOf(ended, total, failed);
  return fault === undefined ? { ...result, failed } : { ...result, failed: failed + 1, fault };
}

function faultOf(
  ended: Ended & { readonly leftovers: readonly string[] },
  total: number | undefined,
  failed: number,
): string | undefined {
  if (ended.hung) return "did not end in its time";
  if (total === undefined) return `ended with exit code ${ended.exitCode} before its tests were done`;
  if (total === 0) return "ran no test";
  if (failed === 0 && ended.exitCode !== 0) return `all tests passed, but the exit code is ${ended.exitCode}`;
  if (ended.leftovers.length > 0) return `left temporary files behind: ${ended.leftovers.join(", ")}`;
  return undefined;
}
