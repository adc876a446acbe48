import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { CachedOrder } from "../../plugin-api/environment-cache.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import type { ResolutionPolicy } from "../../plugin-api/model/resolution.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";
import type { SettingsTable } from "../../plugin-api/services.ts";

/** Bumped when an environment of the same inputs would be laid out in another way. */
const LAYOUT = 1;

/**
 * SHA-256 of the sorted requirements with interpreter, policy and every setting declared to decide packages: 64
 * hexadecimal digits (SPEC SCR-02). A local file or folder counts by the times and sizes of what is in it.
 */
export function environmentKey(inputs: {
  readonly demands: readonly Demand[];
  readonly interpreter: Interpreter;
  readonly policy: Partial<ResolutionPolicy>;
  readonly settings: SettingsTable;
  readonly constraints?: readonly Demand[];
  readonly over?: CachedOrder["over"];
}): string {
  const deciding = inputs.settings.entries.filter(({ option }) => option.decidesPackages);
  const facts = {
    layout: LAYOUT,
    dependencies: inputs.demands.map((demand) => formatRequirement(demand.requirement) + stateOf(demand)).sort(),
    interpreter: inputs.interpreter.identity,
    settings: deciding.map(({ key, value }) => [key, value ?? null]).sort(byName),
    policy: Object.entries(inputs.policy).sort(byName),
    constraints: inputs.constraints?.map(({ requirement }) => formatRequirement(requirement)).sort(),
    over: inputs.over && [inputs.over.root, ...inputs.over.installed.map(({ name, version }) => `${name} ${version}`)],
  };
  return sha256Of(JSON.stringify(facts));
}

const byName = ([a]: readonly unknown[], [b]: readonly unknown[]): number => (String(a) < String(b) ? -1 : 1);

function stateOf({ requirement }: Demand): string {
  if (!requirement.url?.startsWith("file:")) return "";
  try {
    if (/#(?:.*&)?editable=true/.test(requirement.url))
      return editableState(fileURLToPath(requirement.url.replace(/#.*$/, "")));
    return localState(fs.realpathSync(fileURLToPath(requirement.url.replace(/#.*$/, ""))));
  } catch {
    // Whoever installs it says best what is wrong with the URL.
    return "";
  }
}

/** What the metadata of an editable install is made of; its modules are read where they are. */
function editableState(folder: string): string {
  const files = ["pyproject.toml", "setup.py", "setup.cfg"].map((name) => path.join(folder, name));
  return files.map((file) => (fs.existsSync(file) ? localState(file) : " -")).join("");
}

/** What builds leave behind, and what is no part of a source tree: with it, each build would make another key. */
const ASIDE = /^\.|^(__pycache__|build|dist|node_modules)$|\.egg-info$|\.pyc$/;

function localState(file: string): string {
  const stat = fs.lstatSync(file);
  if (!stat.isDirectory()) return ` ${stat.mtimeMs} ${stat.size}`;
  if (fs.existsSync(path.join(file, "pyvenv.cfg"))) return "";
  const names = fs.readdirSync(file).filter((name) => !ASIDE.test(name));
  return names
    .sort()
    .map((name) => ` ${name}${localState(path.join(file, name))}`)
    .join("");
}
