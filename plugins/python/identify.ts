import fs from "node:fs";
import path from "node:path";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Place } from "./folders.ts";
import { type Facts, type Finding, identityOf, recall, remember } from "./record.ts";
import { isScript, isShim } from "./shims.ts";
import { baseExecutable, executableIn, executablesOf, readVenv, type Venv, venvOf } from "./virtual.ts";

export type Identified = { readonly interpreter: Interpreter } | { readonly path: string; readonly reason: string };
type Source = Interpreter["source"];

/** Tells what an executable outside of virtual environments is: from the cache, from PEP 739's file, or by running it. */
export async function identify(real: string, source: Source, place: Place): Promise<Identified> {
  return identifyCached(real, source, place) ?? (await identifyAnew(real, source, place));
}

/** As `identify`, but only what is known already; starts nothing and waits for nothing. */
export function identifyCached(real: string, source: Source, place: Place): Identified | undefined {
  const identity = identityOf(real);
  const finding = recall(recordsIn(place), real, identity);
  if (finding === undefined) return undefined;
  if (finding.kind !== "wrapper") return present(finding, { path: real, identity, source });
  return fs.existsSync(finding.of) ? identifyCached(finding.of, source, place) : undefined;
}

async function identifyAnew(real: string, source: Source, place: Place): Promise<Identified> {
  const identity = identityOf(real);
  const { readBuildDetails } = await import("./build-details.ts");
  const known = readBuildDetails(real);
  if (known) return keep({ kind: "interpreter", interpreter: known }, { path: real, identity, source }, place);
  const { runProbe } = await import("./run-probe.ts");
  const { finding, isFinal } = await runProbe(real, place.env);
  if ("kind" in finding)
    return isFinal
      ? keep(finding, { path: real, identity, source }, place)
      : present(finding, { path: real, identity, source });
  const { executable, baseExecutable: _, ...facts } = finding;
  const target = isScript(real) ? realOf(executable) : real;
  if (target !== real) remember(recordsIn(place), real, { identity, finding: { kind: "wrapper", of: target } });
  const interpreter: Facts = { ...facts, path: target, basePath: target, isVirtual: false };
  return keep({ kind: "interpreter", interpreter }, { path: target, identity: identityOf(target), source }, place);
}

interface Found {
  readonly path: string;
  readonly identity: string;
  readonly source: Source;
}

function keep(finding: Finding, found: Found, place: Place): Identified {
  remember(recordsIn(place), found.path, { identity: found.identity, finding });
  return present(finding, found);
}

function present(finding: Finding, { path, identity, source }: Found): Identified {
  if (finding.kind === "interpreter")
    return { interpreter: Object.freeze({ ...finding.interpreter, source, identity }) };
  return { path, reason: finding.kind === "refused" ? finding.reason : "is a wrapper whose Python is gone" };
}

const recordsIn = (place: Place): string => path.join(place.dataDir, "interpreters");

/**
 * The interpreter at a path somebody named: an executable, or the folder of an environment or installation. One inside
 * a virtual environment is described from its base, without being started.
 */
export async function identifyPath(named: string, source: Source, place: Place): Promise<Identified> {
  const executable = executableAt(named, place.platform);
  if (executable === undefined) return { path: named, reason: missing(named) };
  if (!isExecutable(executable)) return { path: named, reason: "is not executable" };
  const venv = venvOf(executable);
  if (!venv) {
    const real = realOf(executable);
    return isShim(real, place.platform)
      ? { path: named, reason: "is not an interpreter but a program that picks one" }
      : identify(real, source, place);
  }
  const base = baseExecutable(venv, executable);
  if (base === undefined)
    return { path: named, reason: `belongs to an environment whose Python is gone (${venv.home ?? "unknown"})` };
  const found = await identify(realOf(base), source, place);
  return "interpreter" in found ? { interpreter: inVenv(found.interpreter, executable, venv) } : found;
}

const missing = (named: string): string => (fs.existsSync(named) ? "holds no Python" : "does not exist");

function inVenv(base: Interpreter, executable: string, venv: Venv): Interpreter {
  return Object.freeze({
    ...base,
    path: executable,
    prefix: venv.root,
    isVirtual: true,
    isExternallyManaged: false,
    identity: `${base.identity}:${venv.root}`,
  });
}

function executableAt(named: string, platform: string): string | undefined {
  const stat = fs.statSync(named, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat && named;
  const folder = executablesOf(named, platform);
  const names = readVenv(named)
    ? [executableIn(named, platform)]
    : ["python3", "python", "pypy3", "python.exe"].map((name) => path.join(folder, name));
  return names.find((file) => fs.existsSync(file));
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** An explicitly named file may be a link into nowhere. */
function realOf(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}
