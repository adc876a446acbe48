import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildIfStale, executablePath } from "../harness/executable.ts";
import { removeTree } from "../harness/files.ts";
import { findPython, requirePython } from "../harness/python.ts";
import { waitForStragglers } from "../harness/stragglers.ts";
import { startMirror } from "./mirror-process.ts";
import { fetchUv } from "./programs.ts";
import { perform, SETS, sync, writeLocked } from "./project-scenario.ts";
import type { Scenario, Side } from "./scenario.ts";
import { makeSide } from "./sides.ts";

// `bun test/bench/disk.ts [SET...]`: bytes that some projects with the same packages take on disk, caches included, after
// what they are for was imported once; by PyBun, by uv, and by uv with copies.

interface DiskCase {
  readonly packages: readonly string[];
  readonly projects: number;
  readonly imports: string;
}

const CASES: Readonly<Record<string, DiskCase>> = {
  science: {
    packages: SETS.science,
    projects: 5,
    imports: "import matplotlib, numpy, pandas, scipy.optimize, sklearn.linear_model",
  },
  web: {
    packages: SETS.web,
    projects: 5,
    imports: "import celery, django, fastapi, flask, requests, sqlalchemy, uvicorn",
  },
  ml: {
    packages: ["torch", "transformers", "xgboost", "scikit-learn", "sentencepiece", "datasets"],
    projects: 3,
    imports: "import torch, transformers, xgboost, sklearn.linear_model, datasets",
  },
};

const KEPT = path.join(os.tmpdir(), "pybun-bench");

const chosen = process.argv.slice(2);
if (!buildIfStale()) process.exit(1);
const root = fs.mkdtempSync(path.join(os.tmpdir(), "pybun-disk-"));
const mirror = await startMirror({ folder: path.join(KEPT, "mirror"), delayMs: 0 });
const python = (findPython("3.12") ?? requirePython()).path;
const programs = { uv: fetchUv(path.join(KEPT, "uv")).program, empty: "", python, restart: executablePath() };
try {
  for (const [name, disk] of Object.entries(CASES)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const bench = { mirror, python, programs, roots: { tmpfs: root, disk: root } };
    const measured = (tool: "pybun" | "uv", mode?: string): readonly number[] => {
      const scenario = { name: `${name}-${mode ?? "usual"}`, on: "disk" } as Scenario;
      const side = makeSide(bench, scenario, tool);
      const sizes = bytesAfterEach(side, disk, mode);
      removeTree(path.join(root, scenario.name, tool));
      return sizes;
    };
    show(name, { pybun: measured("pybun"), uv: measured("uv"), "uv, copies": measured("uv", "copy") });
  }
} finally {
  mirror.stop();
  removeTree(root);
}

/** Bytes of data and environments together, after each project. */
function bytesAfterEach(side: Side, { packages, projects, imports }: DiskCase, mode?: string): readonly number[] {
  return Array.from({ length: projects }, (_, index) => {
    const project = { ...side, cwd: path.join(side.cwd, `p${index}`) };
    fs.mkdirSync(project.cwd);
    writeLocked(project, packages);
    perform(project, sync(project, mode));
    perform(project, { program: path.join(project.cwd, ".venv", "bin", "python"), argv: ["-c", imports] });
    waitForStragglers(side.data, 600_000);
    return bytesOf(path.dirname(side.cwd));
  });
}

/** Blocks that a tree takes, each file once however many names it has. */
function bytesOf(folder: string, seen = new Set<number>()): number {
  let bytes = 0;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    const { ino, blocks } = fs.lstatSync(file);
    if (!seen.has(ino)) bytes += blocks * 512;
    seen.add(ino);
    if (entry.isDirectory()) bytes += bytesOf(file, seen);
  }
  return bytes;
}

function show(name: string, sizes: Readonly<Record<string, readonly number[]>>): void {
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  for (const [tool, all] of Object.entries(sizes)) {
    const last = all.at(-1) as number;
    const more = (last - (all[0] as number)) / (all.length - 1);
    const saved = 1 - (sizes["pybun"]?.at(-1) as number) / last;
    const beyond = sizes["pybun"]?.map((size) => size - (sizes["pybun"]?.[0] ?? 0)).at(-1) ?? 0;
    console.log(
      [
        name.padEnd(8),
        tool.padEnd(12),
        `${all.length} projects ${mb(last)}`.padEnd(28),
        `each one more ${(more / 1e3).toFixed(0)} kB`.padEnd(28),
        tool === "pybun"
          ? ""
          : `PyBun saves ${(100 * saved).toFixed(0)} %, of what more ones take ${(100 - (100 * beyond) / (last - (all[0] as number))).toFixed(0)} %`,
      ].join("  "),
    );
  }
}
