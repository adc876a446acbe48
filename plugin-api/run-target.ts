import fs from "node:fs";
import path from "node:path";
import { readPythonOption } from "./launch/python-options.ts";
import type { Invocation } from "./stages.ts";

/** The operands of `run`, sorted into what is Python's and what is the program's. */
export type Target = Pick<Invocation, "target" | "kind" | "pythonOptions" | "args">;

/** Sorts `[-X dev] app.py --port 1` and its like (SPEC RUN-01). Undefined when only options were given. */
export function readTarget(operands: readonly string[], cwd: string): Target | undefined {
  let at = 0;
  let option = readPythonOption(operands[0] ?? "");
  for (; option && !option.ending; option = readPythonOption(operands[at] ?? "")) at += option.needsValue ? 2 : 1;
  const pythonOptions = operands.slice(0, at);
  const first = operands[at];
  if (first === undefined) return undefined;
  if (option?.ending) {
    const [target, ...args] = [...(option.attached === undefined ? [] : [option.attached]), ...operands.slice(at + 1)];
    if (target === undefined) return undefined;
    const others = option.letters.slice(0, -1);
    if (others !== "") pythonOptions.push(`-${others}`);
    return { kind: option.ending === "c" ? "code" : "module", target, args, pythonOptions };
  }
  const args = operands.slice(at + 1);
  if (first === "-") return { kind: "stdin", target: "-", args, pythonOptions };
  return { kind: isScript(path.resolve(cwd, first)) ? "script" : "command", target: first, args, pythonOptions };
}

function isScript(file: string): boolean {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat) return false;
  if (stat.isDirectory()) return fs.existsSync(path.join(file, "__main__.py"));
  // A pipe, as shells make of `<(…)`, or a device: what is read from it here, Python would not find.
  if (!stat.isFile()) return true;
  return /\.(py|pyw|pyz|pyc|zip)$/i.test(file) || isPythonByFirstLine(file);
}

/** A file without a known ending counts when its first line names Python. */
function isPythonByFirstLine(file: string): boolean {
  const fd = fs.openSync(file, "r");
  try {
    const head = Buffer.alloc(128);
    const length = fs.readSync(fd, head, 0, head.length, 0);
    return /^#!.*\bpython/.test(head.toString("latin1", 0, length).split("\n")[0] ?? "");
  } finally {
    fs.closeSync(fd);
  }
}
