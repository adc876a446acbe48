import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { afterwards } from "../../plugin-api/system/afterwards.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { compiledMark } from "./compiled-mark.ts";
import { TREE } from "./places.ts";
import program from "./python/compile.py" with { type: "text" };

export interface Compilation {
  readonly compiled: number;
  readonly failed: number;
}

const NOTHING: Compilation = { compiled: 0, failed: 0 };
/** In the background it must not slow down what the user waits for. */
const BACKGROUND_NICE = "10";

/** See `Store.compile`. One process of the interpreter for all entries. Throws `E_STORE_COMPILE`, when waited for. */
export async function compile(
  entries: readonly StoreEntry[],
  interpreter: Interpreter,
  mode: "wait" | "detach",
): Promise<Compilation> {
  const marker = compiledMark(interpreter.cacheTag);
  const pending = [...new Set(entries.map((entry) => entry.path))].filter(
    (entry) => !fs.existsSync(path.join(entry, marker)) && !isMarkedEmpty(entry, marker),
  );
  if (pending.length === 0) return NOTHING;
  const priority = mode === "detach" ? BACKGROUND_NICE : "0";
  // Isolated: no user's settings, no .pth file and no module of an environment runs here.
  const args = ["-I", "-S", "-c", program, marker, priority, ...pending];
  if (mode === "wait") return waitFor(interpreter.path, args);
  const { spawn, spawnSync } = await import("node:child_process");
  const surroundings = { detached: true, stdio: "ignore", cwd: path.parse(pending[0]!).root } as const;
  if (process.platform === "win32")
    spawn(interpreter.path, args, surroundings)
      .on("error", () => undefined)
      .unref();
  // Nobody's child: PyBun may become a program that waits for its own children and would find this one among them.
  else afterwards(() => spawnSync("/bin/sh", ["-c", '"$0" "$@" &', interpreter.path, ...args], surroundings));
  return NOTHING;
}

/** Notes of an entry without modules, as those of most editable wheels are, that it is compiled: that needs no Python. */
function isMarkedEmpty(entry: string, marker: string): boolean {
  const mayBeModule = (found: fs.Dirent): boolean =>
    found.isFile() ? found.name.endsWith(".py") : !found.name.endsWith(".dist-info");
  try {
    if (fs.readdirSync(path.join(entry, TREE), { withFileTypes: true }).some(mayBeModule)) return false;
    writeAtomically(path.join(entry, marker), "");
    return true;
  } catch {
    return false; // a store that this user may only read, say
  }
}

// Node's module for children is loaded only here: most environments are made of what was compiled before.
async function waitFor(python: string, args: readonly string[]): Promise<Compilation> {
  const { spawn } = await import("node:child_process");
  return new Promise((resolve, reject) => {
    const child = spawn(python, args, { stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    child.on("error", reject).on("close", (code) => {
      if (code === 0) resolve(JSON.parse(output.stdout) as Compilation);
      else reject(failedWith(output.stderr));
    });
  });
}

const failedWith = (stderr: string): PybunError =>
  new PybunError("E_STORE_COMPILE", "Python could not compile the installed modules", {
    evidence: stderr.trim().split("\n").slice(-5),
    context: { stderr },
  });
