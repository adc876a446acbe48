import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { requirePython } from "../harness/python.ts";
import { runHostileCase } from "./hostile-case.ts";
import { type HostileRow, readManifest } from "./hostile-row.ts";
import { type CaseResult, eachCase, failed, type Kind } from "./kind.ts";

const GENERATOR = "generate.py";

/** Hostile archives and indexes: a manifest with the files beside it, or the program that writes both. */
export const hostile: Kind = {
  name: "hostile",
  claims: (folder) => isGenerator(path.join(folder, GENERATOR)) || readManifest(folder) !== undefined,
  run: async (folder) => {
    const generator = path.join(folder, GENERATOR);
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "hostile-"));
    try {
      if (readManifest(folder) !== undefined) return await runAll(folder, generator);
      const { status, stdout, stderr } = spawnSync(requirePython().path, [generator, scratch], { encoding: "utf8" });
      if (status !== 0) return [failed(GENERATOR, `ended with ${status}: ${(stderr || stdout).trim().slice(-400)}`)];
      return await runAll(scratch, generator);
    } finally {
      fs.rmSync(scratch, { recursive: true, force: true });
    }
  },
};

function isGenerator(file: string): boolean {
  return fs.existsSync(file) && fs.readFileSync(file, "utf8").includes("manifest.json");
}

async function runAll(folder: string, generator: string): Promise<readonly CaseResult[]> {
  const rows = readManifest(folder);
  if (rows === undefined) return [failed("manifest.json", "is missing or holds no rows")];
  const server = fs.existsSync(generator) ? generator : undefined;
  const ordered = [...rows].sort((a, b) => Number(isControl(b)) - Number(isControl(a)));
  const results = await eachCase(ordered, {
    name: (row) => row.name,
    run: (row) => runHostileCase(row, { folder, server }),
  });
  return withoutProof(ordered, results);
}

/** A case that shows by installing that a refusal of its kind is for the right reason. */
const isControl = (row: HostileRow): boolean => row.control === true || row.must_select !== undefined;

/** A refusal proves nothing where not even the control of its kind installs. */
function withoutProof(rows: readonly HostileRow[], results: readonly CaseResult[]): CaseResult[] {
  const proven = new Set(
    rows.filter((row, index) => isControl(row) && results[index]?.outcome === "passed").map((row) => row.kind),
  );
  return results.map((result, index) => {
    const row = rows[index] as HostileRow;
    const isEmpty = result.outcome === "passed" && row.expected === "reject" && !proven.has(row.kind);
    return isEmpty ? failed(result.name, `refused, but so was every control of kind ${row.kind}`) : result;
  });
}
