// In the first module of the executable: it may import what stands in plugin-api/launch, and nothing else.
import { childEnvironment } from "../plugin-api/launch/child-environment.ts";
import { areKnown, importedModules, runOf } from "../plugin-api/launch/imports.ts";
import { become, readText, workingDirectory } from "../plugin-api/launch/native.ts";
import type { Caller } from "../plugin-api/launch/note.ts";
import { type PythonOption, readPythonOption } from "../plugin-api/launch/python-options.ts";
import { optionAgainstBootstraps, pythonPathWith } from "../plugin-api/launch/python-path.ts";
import { blockOf, callText, readStamp, scriptPath } from "../plugin-api/launch/run-stamp.ts";
import { askServer } from "../plugin-api/launch/zygote/ask.ts";
import { reasonAgainst, type Wanted } from "../plugin-api/launch/zygote/place.ts";

/** A repeated run whose every premise is unchanged becomes Python at once; everything else declines. */
export default async function fast(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<undefined> {
  const { words, python } = withoutPython(argv);
  let at = 0;
  let option = readPythonOption(words[0] ?? "");
  for (; option && !option.ending; option = readPythonOption(words[at] ?? "")) at += option.needsValue ? 2 : 1;
  const target = words[at];
  if (target === undefined) return undefined;
  const cwd = workingDirectory();
  if (cwd === undefined) return undefined;
  const program = option ? { block: "", imports: importedBy(option, words.slice(at)) } : await programAt(target, cwd);
  if (program === undefined) return undefined;
  const { block, imports } = program;
  const script = block === "" ? "" : scriptPath(target, cwd);
  const stamp = await readStamp(callText({ script, python }, cwd, env), env);
  if (!stamp || stamp.block !== block) return undefined;
  const { environment, bootstraps, hasForkServer, options = [], importable } = stamp;
  // What this one lacks is told by the full command.
  if (importable !== undefined && !areKnown(imports, importable)) return undefined;
  // What was typed for Python may stand against what was added when the stamp was written.
  const typed = words.slice(0, option ? at + 1 : at);
  if (options.length > 0 && (at > 0 || (option?.letters.length ?? 0) > 1)) return undefined;
  const variables = childEnvironment(env, { path: environment, python: stamp.python });
  if (hasForkServer && bootstraps === undefined && (option === undefined || words[at]?.length === 2)) {
    const wanted = { python: stamp.python, environment, pythonOptions: [...options, ...words.slice(0, at)], variables };
    await runByFork(wanted, words.slice(at), { env, cwd });
  }
  if (bootstraps !== undefined && optionAgainstBootstraps(typed) === undefined)
    variables["PYTHONPATH"] = pythonPathWith(bootstraps, variables["PYTHONPATH"]);
  await become([stamp.python, ...options, ...words], variables, cwd);
  return undefined;
}

/** Returns only where the program did not run; a server for the next time is then on its way. */
async function runByFork(wanted: Wanted, words: readonly string[], { env, cwd }: Caller): Promise<void> {
  const [target = "", ...rest] = words;
  if (target === "-" || reasonAgainst(wanted) !== undefined) return;
  const kind = target === "-m" ? "module" : target === "-c" ? "code" : "script";
  const [text = "", ...args] = kind === "script" ? words : rest;
  const { missing } = await askServer({ ...wanted, kind, text, args, cwd }, env);
  if (missing) (await import("../plugins/zygote/start-server.ts")).startServer(wanted, missing);
}

/** `--python` is the one option of PyBun's own that is understood here, where it stands first. */
function withoutPython(argv: readonly string[]): { readonly words: readonly string[]; readonly python: string } {
  const [first = "", second = ""] = argv;
  if (first === "--python") return { words: argv.slice(2), python: second };
  if (first.startsWith("--python=")) return { words: argv.slice(1), python: first.slice("--python=".length) };
  return { words: argv, python: "" };
}

interface Program {
  /** Metadata block of a script, empty for what has none. */
  readonly block: string;
  /** Modules that it imports in any case. */
  readonly imports: readonly string[];
}

/** Undefined for what the full command has to sort out. */
async function programAt(target: string, cwd: string): Promise<Program | undefined> {
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
