import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Host } from "../../plugin-api/services.ts";
import { readRemembered, remember } from "../../plugin-api/system/remembered-file.ts";
import source from "./python/facts.py" with { type: "text" };

/** How one build of Python looks for modules: what `facts.py` says of it. */
export interface ImportFacts {
  /** Where it looks before `site` adds anything: the standard library. */
  readonly path: readonly string[];
  readonly builtin: readonly string[];
  /** Name to the module whose file it was made from; a package's `__init__` begins with `<`. */
  readonly frozen: Readonly<Record<string, string>>;
  /** Endings of modules, with the dot, in the order they are tried: extensions, then source, then bytecode. */
  readonly suffixes: Suffixes;
  /** Absolute for the installation itself, relative to the root for an environment made of it. */
  readonly sitePackages: { readonly host: readonly string[]; readonly virtual: readonly string[] };
  /** `base` relative to the home directory, `path` relative to `base`. */
  readonly userSite: { readonly base: string; readonly path: string };
  readonly readsHiddenPathFiles: boolean;
  readonly derivesZipFolders: boolean;
}

export interface Suffixes {
  readonly extension: readonly string[];
  readonly source: readonly string[];
  readonly bytecode: readonly string[];
}

/** To be changed with `facts.py`. */
const KIND = "import-facts 1";
const TIMEOUT_MS = 10_000;

/** Asks an interpreter once and remembers what it said for as long as its executable stays the same. Throws `E_MODULE_FACTS`. */
export async function importFacts({ basePath }: Interpreter, host: Host): Promise<ImportFacts> {
  const { size, mtimeMs, ino } = fs.statSync(basePath);
  const name = sha256Of([basePath, size, mtimeMs, ino].join("\n")).slice(0, 32);
  const file = path.join(host.dataDir, "modules", `python-${name}`);
  const known = readRemembered(file, KIND);
  if (known) return JSON.parse(known.body.toString()) as ImportFacts;
  const said = await ask(basePath, host);
  const facts = parse(said);
  if (!facts)
    throw new PybunError("E_MODULE_FACTS", `\`${basePath}\` does not say how it looks for modules`, {
      evidence: said
        .split("\n")
        .slice(-3)
        .filter((line) => line.trim() !== ""),
    });
  remember(file, KIND, () => Buffer.from(JSON.stringify(facts)));
  return facts;
}

function ask(python: string, { env }: Host): Promise<string> {
  const kept = Object.entries(env).filter(([key]) => !/^(?:PYTHON|BUN_|__PYVENV_LAUNCHER__$|VIRTUAL_ENV$)/.test(key));
  const options = {
    env: Object.fromEntries(kept),
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
    windowsHide: true,
  } as const;
  return new Promise((resolve) => {
    const child = execFile(python, ["-I", "-S", "-B", "-c", source], options, (error, stdout, stderr) =>
      resolve(error ? stderr || error.message : stdout),
    );
    child.stdin?.end();
  });
}

function parse(said: string): ImportFacts | undefined {
  try {
    const facts = JSON.parse(said) as Partial<ImportFacts>;
    return Array.isArray(facts.path) && facts.sitePackages ? (facts as ImportFacts) : undefined;
  } catch {
    return undefined;
  }
}
