import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { extractSdist } from "../../plugin-api/archive/sdist.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { Host } from "../../plugin-api/services.ts";
import openStore from "../../plugins/store/store.ts";
import { sessionWith } from "../harness/plugin-session.ts";
import { type HostileRow, readManifest } from "./hostile-row.ts";
import { dangerousFiles, treeState } from "./tree-state.ts";

/** Refusals that say what is wrong; anything else is a crash. */
const REFUSALS = ["E_ARCHIVE_UNSAFE", "E_LIMIT", "E_HASH_MISMATCH"];

/**
 * Takes the wheels of a manifest into a store and extracts its source archives, each in a folder of its own and all in this
 * process: quicker than by the executable, and nearer to the readers. Index cases are passed over.
 */
export async function checkHostileArchives(
  folder: string,
): Promise<{ readonly passed: number; readonly failures: readonly string[] }> {
  const rows = (readManifest(folder) ?? []).filter(({ kind }) => kind !== "index");
  const failures: string[] = [];
  let passed = 0;
  for (const row of rows) {
    const complaints = await runRow(row, path.join(folder, row.file));
    if (complaints.length === 0) passed++;
    failures.push(...complaints.map((complaint) => `${row.name}: ${complaint}`));
  }
  return { passed, failures };
}

async function runRow(row: HostileRow, file: string): Promise<string[]> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "hostile-archive-"));
  const target = path.join(scratch, "a", "b", "target");
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const startedMs = performance.now();
  try {
    const code = await verdictOf(row.kind === "wheel" ? ingest(file, target) : extractSdist(file, target));
    const seconds = (performance.now() - startedMs) / 1000;
    return [
      ...complaintsAbout(row, code),
      ...(row.max_seconds !== undefined && seconds > row.max_seconds ? [`took ${seconds.toFixed(1)} s`] : []),
      ...leftIn(scratch, row, code),
    ];
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

async function ingest(file: string, dataDir: string): Promise<void> {
  const store = await openStore(sessionWith([[Host, { dataDir }]]));
  try {
    store.layout(await store.ingest({ path: file, filename: path.basename(file) }));
  } finally {
    store[Symbol.dispose]();
  }
}

async function verdictOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "accepted";
  } catch (error) {
    return error instanceof PybunError ? error.code : `crash (${String(error)})`;
  }
}

function complaintsAbout(row: HostileRow, verdict: string): string[] {
  if (verdict !== "accepted" && !REFUSALS.includes(verdict)) return [`ended with ${verdict}`];
  if (row.expected === "reject" && verdict === "accepted") return [`was accepted; it must not ${row.must_not}`];
  if (row.control === true && verdict !== "accepted") return [`is right and was refused: ${verdict}`];
  return [];
}

/** After a refusal nothing may be left; after an acceptance nothing dangerous, and nothing outside the target. */
function leftIn(scratch: string, row: HostileRow, verdict: string): string[] {
  const files = [...treeState(scratch).keys()];
  const outside = files.filter((file) => !file.startsWith(path.join("a", "b", "target") + path.sep));
  const escaped = (row.must_not_exist ?? []).filter((file) => fs.existsSync(path.resolve(scratch, "a/b/target", file)));
  if (verdict !== "accepted") return [...files.map((file) => `left ${file}`), ...escaped.map((file) => `made ${file}`)];
  return [
    ...outside.map((file) => `wrote ${file}`),
    ...escaped.map((file) => `made ${file}`),
    ...dangerousFiles(scratch, () => true),
  ];
}
