import fs from "node:fs";
import path from "node:path";
import { buildIfStale } from "../harness/executable.ts";
import { hostile } from "./hostile.ts";
import type { CaseResult, Kind } from "./kind.ts";
import { pipData } from "./pip-data.ts";

// `bun test/conformance/main.ts [--no-build] DIR...`: runs every kind of data found below the folders.

const KINDS: readonly Kind[] = [hostile, pipData];

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
    results.set(kind.name, [...(results.get(kind.name) ?? []), ...(await kind.run(folder))]);
  }
  return report(results);
}

/** Folders of data below `folder`. What is inside a folder that was recognised belongs to it. */
function findData(folder: string): { readonly kind: Kind; readonly folder: string }[] {
  const claimed = KINDS.filter((kind) => kind.claims(folder)).map((kind) => ({ kind, folder }));
  if (claimed.length > 0) return claimed;
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .flatMap((entry) => findData(path.join(folder, entry.name)));
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
