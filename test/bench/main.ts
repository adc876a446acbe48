import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildIfStale, executablePath, REPOSITORY } from "../harness/executable.ts";
import { removeTree } from "../harness/files.ts";
import { findPython, requirePython } from "../harness/python.ts";
import { endStragglers } from "../harness/stragglers.ts";
import { measure } from "./measure.ts";
import { startMirror } from "./mirror-process.ts";
import { compileEmpty, fetchUv } from "./programs.ts";
import type { Row, Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios/all.ts";
import { type Bench, makeSide } from "./sides.ts";
import { formatRow, tableHead } from "./table.ts";

// `npm run bench [SCENARIO...] [-- --pairs N --delay MS --protocol http1|http2 --python PATH --out FILE --no-build]`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: "string" },
    delay: { type: "string", default: "0" },
    protocol: { type: "string" },
    python: { type: "string" },
    out: { type: "string", default: path.join(REPOSITORY, "dist", "bench", "results.json") },
    "no-build": { type: "boolean", default: false },
  },
});
/** A near index stands for a company's own, one that is away for the public one, and they speak as those do. */
const protocol = values.protocol ?? (Number(values.delay) > 0 ? "http2" : "http1");
const KEPT = path.join(os.tmpdir(), "pybun-bench");

process.exit(await main());

async function main(): Promise<number> {
  if (protocol !== "http1" && protocol !== "http2") {
    console.error(`no protocol ${protocol}; there are http1 and http2`);
    return 2;
  }
  const unknown = positionals.find((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown !== undefined) {
    console.error(`no scenario ${unknown}; there are ${scenarios.map((scenario) => scenario.name).join(", ")}`);
    return 2;
  }
  if (!values["no-build"] && !buildIfStale()) return 1;
  const chosen = scenarios.filter((scenario) => positionals.length === 0 || positionals.includes(scenario.name));
  const roots = { tmpfs: scratchFolder("/dev/shm"), disk: scratchFolder(os.tmpdir()) };
  const mirror = await startMirror({ folder: path.join(KEPT, "mirror"), delayMs: Number(values.delay) });
  const { url, http2Url } = mirror;
  try {
    const uv = fetchUv(path.join(KEPT, "uv"));
    // Versions that every package has wheels for, before the newest one.
    const python = values.python ?? (findPython("3.12") ?? findPython("3.11") ?? requirePython()).path;
    console.log(`${uv.version}, ${python}, index delay ${values.delay} ms, ${protocol}\n${tableHead()}`);
    const programs = { uv: uv.program, empty: compileEmpty(roots.tmpfs), python, restart: executablePath() };
    const index = { ...mirror, url: protocol === "http2" ? http2Url : url };
    const bench: Bench = { mirror: index, python, programs, roots };
    const rows = chosen.map((scenario) => runScenario(scenario, bench));
    save(rows, { uv: uv.version, python });
    return rows.every((row) => row !== undefined) ? 0 : 1;
  } finally {
    mirror.stop();
    for (const folder of Object.values(roots)) removeTree(folder);
  }
}

function scratchFolder(parent: string): string {
  const usable = fs.existsSync(parent) ? parent : os.tmpdir();
  return fs.mkdtempSync(path.join(usable, "pybun-bench-"));
}

/** A scenario that can't run is told and left out; the others still run. */
function runScenario(given: Scenario, bench: Bench): Row | undefined {
  const scenario = values.pairs === undefined ? given : { ...given, pairs: Number(values.pairs) };
  try {
    const ours = makeSide(bench, scenario, "pybun");
    const theirs = makeSide(bench, scenario, scenario.peer);
    try {
      const row = measure(scenario, { ours, theirs });
      console.log(formatRow(row));
      return row;
    } finally {
      for (const side of [ours, theirs]) scenario.finish?.(side);
      endStragglers(ours.data);
    }
  } catch (error) {
    console.log(`${scenario.name}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function save(rows: readonly (Row | undefined)[], about: Readonly<Record<string, string>>): void {
  const machine = { platform: process.platform, arch: process.arch, cpus: os.cpus().length };
  const results = {
    ...about,
    machine,
    delayMs: Number(values.delay),
    protocol,
    rows: rows.filter((row) => row !== undefined),
  };
  fs.mkdirSync(path.dirname(values.out), { recursive: true });
  fs.writeFileSync(values.out, `${JSON.stringify(results, undefined, 1)}\n`);
  console.log(`\nwritten to ${path.relative(process.cwd(), values.out)}`);
}
