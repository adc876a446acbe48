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
    const measured = (tool: "pybun" | "uv", mode?: string): Sizes => {
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

interface Sizes {
  /** Bytes of data and environments together, after each project. */
  readonly all: readonly number[];
  /** Of what the last environment has that nothing else has. */
  readonly environment: Usage;
}

/** In bytes: what files hold, and the blocks that they, links and folders take. */
interface Usage {
  readonly content: number;
  readonly blocks: number;
}

function bytesAfterEach(side: Side, { packages, projects, imports }: DiskCase, mode?: string): Sizes {
  const whole = path.dirname(side.cwd);
  const all: number[] = [];
  let environment: Usage = { content: 0, blocks: 0 };
  for (let index = 0; index < projects; index++) {
    const project = { ...side, cwd: path.join(side.cwd, `p${index}`) };
    fs.mkdirSync(project.cwd);
    writeLocked(project, packages);
    const before = new Set<number>();
    usageOf(whole, before);
    perform(project, sync(project, mode));
    perform(project, { program: path.join(project.cwd, ".venv", "bin", "python"), argv: ["-c", imports] });
    waitForStragglers(side.data, 600_000);
    all.push(usageOf(whole).blocks);
    const config = fs.realpathSync(path.join(project.cwd, ".venv", "pyvenv.cfg"));
    environment = usageOf(path.dirname(config), before);
  }
  return { all, environment };
}

function total(usages: readonly Usage[]): Usage {
  const sumOf = (key: keyof Usage): number => usages.reduce((sum, usage) => sum + usage[key], 0);
  return { content: sumOf("content"), blocks: sumOf("blocks") };
}

/** Of a folder with all that is in it, each file once however many names it has, but for what was seen before. */
function usageOf(folder: string, seen = new Set<number>()): Usage {
  const { ino, blocks } = fs.lstatSync(folder);
  let sum: Usage = { content: 0, blocks: seen.has(ino) ? 0 : blocks * 512 };
  seen.add(ino);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      sum = total([sum, usageOf(file, seen)]);
      continue;
    }
    const stat = fs.lstatSync(file);
    if (!seen.has(stat.ino)) sum = total([sum, { content: entry.isFile() ? stat.size : 0, blocks: stat.blocks * 512 }]);
    seen.add(stat.ino);
  }
  return sum;
}

function show(name: string, sizes: Readonly<Record<string, Sizes>>): void {
  const kb = (bytes: number): string => `${(bytes / 1e3).toFixed(0)} kB`;
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  const ours = sizes["pybun"]?.all ?? [];
  const beyond = (ours.at(-1) ?? 0) - (ours[0] ?? 0);
  for (const [tool, { all, environment }] of Object.entries(sizes)) {
    const last = all.at(-1) as number;
    const more = (last - (all[0] as number)) / (all.length - 1);
    const saved = 1 - (ours.at(-1) as number) / last;
    console.log(
      [
        name.padEnd(8),
        tool.padEnd(12),
        `${all.length} projects ${mb(last)}`.padEnd(28),
        `each one more ${kb(more)}`.padEnd(28),
        `of it the environment ${kb(environment.blocks)}, its content ${kb(environment.content)}`.padEnd(64),
        tool === "pybun"
          ? ""
          : `PyBun saves ${(100 * saved).toFixed(0)} %, of what more ones take ${(100 - (100 * beyond) / (last - (all[0] as number))).toFixed(0)} %`,
      ].join("  "),
    );
  }
}
