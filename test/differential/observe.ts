import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { shellWord } from "../../plugin-api/shell-word.ts";
import { executablePath } from "../harness/executable.ts";
import { removeTree } from "../harness/files.ts";
import type { Program } from "./programs.ts";
import type { Scene } from "./scene.ts";

/** What a program did, as bytes in Latin-1. */
export interface Observed {
  readonly stdout: string;
  readonly stderr: string;
  /** `exit 0`, `SIGTERM`; at a terminal all that the shell saw of its job. */
  readonly status: string;
  /** Path -> mode and content of everything it left in its folder. */
  readonly files: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 60_000;
const LEADER = path.join(import.meta.dirname, "leader.py");
const DRIVER = path.join(import.meta.dirname, "terminal.py");

/** How a program is started: the words in front of its own, and variables on top of the scene's. */
export interface Starter {
  readonly words: readonly string[];
  /** The words in front of a command. */
  readonly via: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A program leads no session itself, as under a shell. */
  readonly isLed?: boolean;
  /** Run beforehand in the same terminal, until it says that a fork server is there. */
  readonly warmUp?: readonly string[];
}

/** By the environment's Python itself. */
export const plainly = (scene: Scene): Starter => ({ words: [scene.interpreter], via: [], env: {} });

/** By PyBun, without a fork server. */
export const byPybun: Starter = {
  words: [executablePath(), "run"],
  via: [executablePath(), "run"],
  env: { PYBUN_ZYGOTE: "off" },
};

/** Runs a program in an empty folder that holds nothing but its files, and looks at all that came of it. */
export async function observe(program: Program, scene: Scene, starter: Starter): Promise<Observed> {
  empty(scene.work);
  const files = program.source === "" ? program.files : { ...program.files, "prog.py": program.source };
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(scene.work, file)), { recursive: true });
    fs.writeFileSync(path.join(scene.work, file), text);
  }
  const ended = await start(program, scene, starter);
  return { ...ended, files: treeOf(scene.work) };
}

type Ended = Omit<Observed, "files">;

function start(
  program: Program,
  scene: Scene,
  { words, via, env: added, isLed, warmUp = [] }: Starter,
): Promise<Ended> {
  // Not in the environment, which is part of what is compared.
  const variables = `RUN=${shellWord(words.join(" "))} VIA=${shellWord(via.join(" "))}`;
  const command =
    program.shell === undefined ? [...words, ...program.run] : ["/bin/bash", "-c", `${variables}\n${program.shell}`];
  const surroundings = { cwd: scene.work, env: { ...scene.env, ...added, ...program.env } };
  const leader = isLed ? [scene.python.path, "-I", "-S", LEADER] : [];
  if (program.terminal === undefined) return run([...leader, ...command], { ...surroundings, stdin: program.stdin });
  return atTerminal({ words: command, steps: program.terminal, warmUp }, scene, surroundings);
}

interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

function run(
  [file = "", ...args]: readonly string[],
  { cwd, env, stdin }: Surroundings & { stdin: string | undefined },
) {
  const child = spawn(file, args, {
    cwd,
    env,
    stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    // A session of its own, without a terminal.
    detached: true,
  });
  child.stdin?.on("error", () => {}); // the program may end without reading
  child.stdin?.end(stdin === undefined ? undefined : Buffer.from(stdin));
  return new Promise<Ended>((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
    const timer = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), TIMEOUT_MS);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString("latin1");
      resolve({ stdout: text(out), stderr: text(err), status: signal ?? `exit ${code}` });
    });
  });
}

async function atTerminal(
  order: Readonly<Record<"words" | "steps" | "warmUp", unknown>>,
  scene: Scene,
  surroundings: Surroundings,
): Promise<Ended> {
  const { stdout, stderr } = await run([scene.python.path, DRIVER], {
    ...surroundings,
    env: { TERM: "xterm", ...surroundings.env },
    stdin: JSON.stringify(order),
  });
  if (stdout === "") throw new Error(`the terminal's driver failed: ${stderr}`);
  const { shown, events, problem } = JSON.parse(stdout) as { shown: string; events: string[]; problem: string | null };
  return {
    stdout: shown,
    stderr,
    status: [...events, ...(problem === null ? [] : [`problem: ${problem}`])].join(", "),
  };
}

function empty(folder: string): void {
  for (const name of fs.readdirSync(folder)) removeTree(path.join(folder, name));
}

function treeOf(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const { mode, size } = fs.lstatSync(file);
    const name = path.relative(folder, file);
    const content = entry.isSymbolicLink() ? fs.readlinkSync(file) : entry.isFile() ? contentOf(file, size) : "";
    found[name] = `${mode.toString(8)} ${content}`;
  }
  return found;
}

const contentOf = (file: string, size: number): string =>
  size > 1_000_000 ? `${size} bytes` : fs.readFileSync(file, "latin1");
