import fs from "node:fs";
import path from "node:path";
import { buildIfStale } from "../harness/executable.ts";
import { hostile } from "./hostile.ts";
import { type CaseResult, failed, type Kind } from "./kind.ts";
import { pepVectors } from "./pep-vectors.ts";
import { pipData } from "./pip-data.ts";
import { resolvelib } from "./resolvelib.ts";
import { resolver } from "./resolver.ts";

// `bun test/conformance/main.ts [--no-build] DIR...`: runs every kind of data found below the folders.

/** The first that recognises a folder has it: a folder of hostile wheels is one of wheels, too. */
const KINDS: readonly Kind[] = [hostile, resolver, resolvelib, pepVectors, pipData];

process.exit(await main(process.argv.slice(2)));

async function main(words: readonly string[]): Promise<number> {
  const folders = words.filter((word) => !word.startsWith("--"));
  const missing = folders.find((folder) => !fs.existsSync(folder));
  if (folders.length === 0 || missing !== undefined) {
    console.error(missing === undefined ? "usage: npm run conformance -- DIR..." : `${missing} does not exist`);
    return 2;
  }
  if (!words.includes("--no-build") && !buildIfStale()) return 1;
  const found = folders.flatMap((folder) => findData(path.resolve(folder)));
  const results = new Map<string, CaseResult[]>();
  for (const { kind, folder } of found) {
    results.set(kind.name, [...(results.get(kind.name) ?? []), ...(await runKind(kind, folder))]);
  }
  return report(results);
}

/** Folders of data below `folder`. What is inside a folder that was recognised belongs to it. */
function findData(folder: string): { readonly kind: Kind; readonly folder: string }[] {
  const kind = KINDS.find((each) => each.claims(folder));
  if (kind !== undefined) return [{ kind, folder }];
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .flatMap((entry) => findData(path.join(folder, entry.name)));
}

/** A check that breaks is a failure of its kind; the other kinds still run. */
async function runKind(kind: Kind, folder: string): Promise<readonly CaseResult[]> {
  try {
    return await kind.run(folder);
  } catch (error) {
    return [failed(folder, error instanceof Error ? (error.stack ?? error.message) : String(error))];
  }
}

function report(results: ReadonlyMap<string, readonly CaseResult[]>): number {
  if (results.size === 0) console.log("no data found");
  let isAllGood = results.size > 0;
  for (const [kind, cases] of results) {
    const count = (outcome: CaseResult["outcome"]): number => cases.filter((each) => each.outcome === outcome).length;
    const skips = count("skipped") > 0 ? `, ${count("skipped")} skipped` : "";
    console.log(`${kind}: ${count("passed")} passed, ${count("failed")} failed${skips}`);
    for (const { name, outcome, reason } of cases) {
      if (outcome !== "passed") console.log(`  ${outcome} ${name}: ${reason}`);
    }
    isAllGood &&= cases.length > 0 && count("failed") === 0;
  }
  return isAllGood ? 0 : 1;
}
