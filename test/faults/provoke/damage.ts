import fs from "node:fs";
import path from "node:path";
import { filesBelow } from "../../harness/files.ts";
import { type Expected, judge, told } from "../judge.ts";
import { runOn, spread } from "../points.ts";
import type { Provocation } from "../row.ts";
import { openScene, type Scene } from "../scene.ts";
import { type Action, READING } from "./system-calls.ts";

/** What a disk does to a file, its times left as they are. */
const WAYS = {
  "a bit": (data: Buffer) => {
    const changed = Buffer.from(data);
    if (changed.length > 0) changed[changed.length >> 1] = (changed[changed.length >> 1] as number) ^ 4;
    return changed;
  },
  "cut off": (data: Buffer) => data.subarray(0, data.length >> 1),
  empty: () => Buffer.alloc(0),
  zeros: (data: Buffer) => Buffer.alloc(data.length),
} as const;

/** Which files: what packages consist of, what the store notes of them, and what lies beside the store. */
const PARTS = {
  content: (file: string) => /^packages\/.*\/tree\//.test(file),
  notes: (file: string) => file.startsWith("packages/") && !PARTS.content(file),
  caches: (file: string) => !/^(packages|objects|logs|tmp|locks)\//.test(file),
} as const;

export interface Damage {
  readonly part: keyof typeof PARTS;
  readonly way: keyof typeof WAYS;
  /** `pybun verify --store` is run first, and has to find it. */
  readonly isVerified: boolean;
  readonly files: number;
}

/** Files that PyBun keeps are damaged, one at a time, while the store holds all that the operation needs. */
export const damaged = ({ part, way, isVerified, files: most }: Damage): Provocation => ({
  needs: ["sh"],
  provoke: async ({ operation, expected }, depth) => {
    const scene = await openScene(operation);
    try {
      const files = await withFullStore(scene, () => filesBelow(scene.place.data, ".", PARTS[part]));
      const chosen = spread(files.length, depth === "every" ? files.length : most).map((at) => files[at - 1] as string);
      const faults: string[] = [];
      for (const file of chosen) {
        const found = await withFullStore(scene, async () => {
          const before = fs.readFileSync(path.join(scene.place.data, file));
          if (!damage(path.join(scene.place.data, file), WAYS[way](before))) return [];
          const missed = isVerified ? await mustFind(scene) : [];
          return [...missed, ...(await judge(scene, await scene.run(), expected))];
        });
        faults.push(...found.map((fault) => `${file}: ${fault}`));
      }
      return chosen.length > 0 ? faults : ["there was nothing to damage"];
    } finally {
      await scene.remove();
    }
  },
});

/** With the project as it was before the operation, and the store as it is after. */
async function withFullStore<T>(scene: Scene, body: () => T | Promise<T>): Promise<T> {
  scene.reset();
  await scene.run();
  scene.reset("project");
  return body();
}

/** False where the file already is like that. */
function damage(file: string, data: Buffer): boolean {
  const { atime, mtime } = fs.statSync(file);
  if (fs.readFileSync(file).equals(data)) return false;
  fs.writeFileSync(file, data);
  fs.utimesSync(file, atime, mtime);
  return true;
}

async function mustFind(scene: Scene): Promise<readonly string[]> {
  const verified = await scene.run({}, ["verify", "--store"]);
  return verified.exitCode === 1 ? [] : [`verify --store finds nothing: ${told(verified)}`];
}

/** The disk gives errors where the store is read: at one call, and at all from one on. */
export const unreadableStore = (error: number, points: number): Provocation => ({
  needs: ["calls"],
  provoke: async ({ operation, expected }) => {
    const scene = await openScene(operation);
    const root = path.join(scene.place.data, "packages");
    const action: Action = `error=${error}`;
    try {
      const { count } = await withFullStore(scene, () => runOn(scene, { calls: READING, action: "none", at: 1, root }));
      const faults: string[] = [];
      for (const at of spread(count, points))
        for (const until of [at, count + 1000]) {
          const { result, first } = await withFullStore(scene, () =>
            runOn(scene, { calls: READING, action, at, until, root }),
          );
          const found = await judge(scene, result, expected);
          faults.push(...found.map((fault) => `read ${at} to ${until}, ${first.replace(root, "")}: ${fault}`));
        }
      return count > 0 ? faults : ["nothing was read"];
    } finally {
      await scene.remove();
    }
  },
});

/** It is done all the same, with whatever was damaged fetched again. */
export const MENDED: Expected = { exit: [0], mayLose: true };
