// In the first module of the executable: it may import what stands in plugin-api/launch, and nothing else.
import { areKnown, importedModules, runOf } from "../plugin-api/launch/imports.ts";
import { readText } from "../plugin-api/launch/native.ts";
import type { Caller } from "../plugin-api/launch/note.ts";
import { type PythonOption, readPythonOption } from "../plugin-api/launch/python-options.ts";
import { blockOf, callText, readStamp, scriptPath } from "../plugin-api/launch/run-stamp.ts";
import type { Program } from "../plugin-api/launch/zygote/ask.ts";
import { readyNamed } from "./fast-named.ts";
import type { Ready, Start } from "./fast-start.ts";

/** A repeated run whose every premise is unchanged; everything else declines. */
export const readyRun: Ready = (argv, caller) => {
  const { words, python } = withoutPython(argv);
  const [first = "", ...rest] = words;
  if (isName(first)) return readyNamed({ words: ["run", first], python }, rest, caller);
  return readyFile(words, python, caller);
};

/** Neither an option nor a path: a command's name, most likely. */
const isName = (word: string): boolean => /^[^-/\\][^/\\]*$/.test(word) && !word.endsWith(".py");

/** Scripts, modules and code; options of Python may stand before them. */
async function readyFile(words: readonly string[], python: string, { env, cwd }: Caller): Promise<Start | undefined> {
  let at = 0;
  let option = readPythonOption(words[0] ?? "");
  for (; option && !option.ending; option = readPythonOption(words[at] ?? "")) at += option.needsValue ? 2 : 1;
  const target = words[at];
  if (target === undefined) return undefined;
  const source = option ? { block: "", imports: importedBy(option, words.slice(at)) } : await sourceAt(target, cwd);
  if (source === undefined) return undefined;
  const { block, imports } = source;
  const script = block === "" ? "" : scriptPath(target, cwd);
  const stamp = await readStamp(callText({ script, python }, cwd, env), env);
  if (!stamp || stamp.block !== block) return undefined;
  const { options = [], importable } = stamp;
  // What this one lacks is told by the full command.
  if (importable !== undefined && !areKnown(imports, importable)) return undefined;
  // What was typed for Python may stand against what was added when the stamp was written.
  if (options.length > 0 && (at > 0 || (option?.letters.length ?? 0) > 1)) return undefined;
  const typed = words.slice(0, option ? at + 1 : at);
  const program = programOf(words.slice(at), option);
  return {
    stamp,
    argv: [stamp.python, ...options, ...words],
    typed,
    program: program && { ...program, python: stamp.python, pythonOptions: [...options, ...words.slice(0, at)] },
  };
}

/** As a fork server is asked for it; undefined for what it does not take. */
function programOf(
  words: readonly string[],
  option: PythonOption | undefined,
): Pick<Program, "kind" | "text" | "args"> | undefined {
  const [target = "", next = "", ...rest] = words;
  if (option === undefined) return target === "-" ? undefined : { kind: "script", text: target, args: words.slice(1) };
  return target.length === 2 ? { kind: target === "-m" ? "module" : "code", text: next, args: rest } : undefined;
}

/** `--quiet`, which makes no difference to what is ready, and `--python` are the options of PyBun's own that are understood here, where they stand first. */
function withoutPython(argv: readonly string[]): { readonly words: readonly string[]; readonly python: string } {
  const [first = "", second = ""] = argv;
  if (first === "-q" || first === "--quiet") return withoutPython(argv.slice(1));
  if (first === "--python") return { words: argv.slice(2), python: second };
  if (first.startsWith("--python=")) return { words: argv.slice(1), python: first.slice("--python=".length) };
  return { words: argv, python: "" };
}

interface Source {
  /** Metadata block of a script, empty for what has none. */
  readonly block: string;
  /** Modules that it imports in any case. */
  readonly imports: readonly string[];
}

/** Undefined for what the full command has to sort out. */
async function sourceAt(target: string, cwd: string): Promise<Source | undefined> {
  if (target === "-") return { block: "", imports: [] };
  if (target.startsWith("-") || !target.endsWith(".py")) return undefined;
  const text = await readText(scriptPath(target, cwd));
  if (text === undefined) return undefined;
  const block = text.includes("# /// script") ? blockOf(text) : "";
  if (block === "" && text.includes("# /// script")) return undefined;
  return { block, imports: importedModules(text) };
}

/** Of what stands behind `-c` or `-m`. */
function importedBy(option: PythonOption, [, next = ""]: readonly string[]): readonly string[] {
  const said = option.attached ?? next;
  return option.ending === "c" ? importedModules(said) : [runOf(said)];
}
