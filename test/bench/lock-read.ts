import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { contentHash } from "../../plugin-api/lock/content-hash.ts";
import { encodeLock } from "../../plugin-api/lock/encode.ts";
import { readLock } from "../../plugin-api/lock/read.ts";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { Lock, LockedPackage } from "../../plugin-api/model/lock.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";

// `bun test/bench/lock-read.ts [ENTRIES...]`: what it takes to open a lock and to find one package in it, by size.

const SIZES = [100, 1000, 10_000, 100_000];
const ROUNDS = 300;

const sizes = process.argv.slice(2).map(Number);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lock-read-"));
try {
  console.log("entries      size   open, stat to view   one look-up   one absent   content hash   decode all");
  for (const size of sizes.length > 0 ? sizes : SIZES) console.log(rowOf(size));
} finally {
  fs.rmSync(folder, { recursive: true });
}

function rowOf(entries: number): string {
  const file = path.join(folder, "pybun.lockb");
  const bytes = encodeLock(lockOf(entries), { path: file });
  fs.writeFileSync(file, bytes);
  const view = readLock(file)!;
  let next = 0;
  const nextName = (): string => nameOf((next += 7919) % entries);
  const times = [
    median(() => void readLock(file)),
    median(() => void view.find(nextName())),
    median(() => void view.find(`absent-${next++}`)),
    median(() => void contentHash(bytes), 5),
    median(() => void readLock(file)?.lock(), 3),
  ];
  const cells = times.map((ms) => (ms < 1 ? `${(1000 * ms).toFixed(1)} µs` : `${ms.toFixed(1)} ms`));
  return [
    String(entries).padStart(7),
    `${(bytes.length / 2 ** 20).toFixed(2)} MiB`.padStart(11),
    ...cells.map((cell) => cell.padStart(12)),
  ].join("  ");
}

function median(work: () => void, rounds = ROUNDS): number {
  const times = Array.from({ length: rounds }, () => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  });
  return times.sort((a, b) => a - b)[rounds >> 1] as number;
}

/** Two names of three are of the length that names usually have. */
function nameOf(index: number): PackageName {
  return `package-${index.toString(36)}` as PackageName;
}

/** As many packages, each with three wheels, a source archive and four requirements. */
function lockOf(entries: number): Lock {
  const packages = Array.from({ length: entries }, (_, index): LockedPackage => {
    const name = nameOf(index);
    const stem = `${name.replace("-", "_")}-1.${index % 50}.0`;
    const tags = ["cp312-cp312-manylinux_2_17_x86_64", "cp312-cp312-macosx_11_0_arm64", "cp312-cp312-win_amd64"];
    const filenames = [...tags.map((tag) => `${stem}-${tag}.whl`), `${stem}.tar.gz`];
    return {
      name,
      version: `1.${index % 50}.0`,
      source: { kind: "index", index: "public" },
      marker: index % 10 === 0 ? 'sys_platform == "win32"' : "",
      requiresPython: ">=3.9",
      files: filenames.map((filename, i) => ({
        filename,
        kind: filename.endsWith(".whl") ? "wheel" : "sdist",
        url: `https://files.example/packages/${stem}/${filename}`,
        sha256: (index * 4 + i + 1).toString(16).padStart(64, "0") as Sha256,
        sizeBytes: 1000 + index,
        isYanked: false,
        hasMetadataFile: true,
      })),
      extras: [],
      dependencies: [1, 2, 3, 4].map((step) => ({
        to: (index * step + step) % entries,
        marker: "",
        extras: [],
        specifier: `>=1.${step}`,
      })),
    };
  });
  return { requiresPython: ">=3.9", forks: [], packages, roots: [], meta: {} };
}
