import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import type { Python } from "../harness/python.ts";

/** One call of pip. */
export interface PipCall {
  readonly words: readonly string[];
  readonly cwd: string;
  /** Absolute path of the virtual environment it works on. */
  readonly environment: string;
  readonly env: Readonly<Record<string, string>>;
}
export interface PipResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The pip that a Python brings, loaded once for many calls. */
export interface RealPip {
  readonly version: string;
  run(call: PipCall): Promise<PipResult>;
  stop(): void;
}

/** Takes pip out of the wheel that comes with `ensurepip`; undefined where there is none. `folder`: for its files. */
export async function startPip(python: Python, folder: string): Promise<RealPip | undefined> {
  const ask = "import ensurepip, os; print(ensurepip.version()); print(os.path.dirname(ensurepip.__file__))";
  const { stdout, status } = spawnSync(python.path, ["-c", ask], { encoding: "utf8" });
  const [version = "", home = ""] = stdout?.split(/\r?\n/) ?? [];
  const bundled = path.join(home, "_bundled");
  if (status !== 0 || !fs.existsSync(bundled)) return undefined;
  const wheel = fs.readdirSync(bundled).find((name) => name.startsWith("pip-"));
  if (wheel === undefined) return undefined;
  const source = path.join(folder, "pip-source");
  const unpack =
    "import sys, zipfile; w = zipfile.ZipFile(sys.argv[1]); w.extractall(sys.argv[2], [n for n in w.namelist() if n.startswith('pip/')])";
  spawnSync(python.path, ["-c", unpack, path.join(bundled, wheel), source]);
  const child = spawn(python.path, ["-S", path.join(import.meta.dirname, "real_pip.py"), source], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { PATH: process.env["PATH"], HOME: folder, PYTHONPYCACHEPREFIX: path.join(folder, "pip-bytecode") },
  });
  const answers = readline.createInterface({ input: child.stdout });
  const waiting: ((line: string) => void)[] = [];
  answers.on("line", (line) => waiting.shift()?.(line));
  const answer = (): Promise<string> => new Promise((resolve) => void waiting.push(resolve));
  await answer();
  return { version, run: (call) => run(call, { child, answer, folder }), stop: () => child.stdin?.end() };
}

interface Server {
  readonly child: ChildProcess;
  readonly answer: () => Promise<string>;
  readonly folder: string;
}

let calls = 0;

async function run(call: PipCall, { child, answer, folder }: Server): Promise<PipResult> {
  const [out, err] = [path.join(folder, `out-${++calls}`), path.join(folder, `err-${calls}`)];
  const answered = answer();
  child.stdin?.write(`${JSON.stringify({ ...call, stdout: out, stderr: err })}\n`);
  const exitCode = Number(await answered);
  const [stdout, stderr] = [fs.readFileSync(out, "utf8"), fs.readFileSync(err, "utf8")];
  fs.rmSync(out);
  fs.rmSync(err);
  return { exitCode, stdout, stderr };
}
