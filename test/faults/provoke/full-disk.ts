import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Place } from "../../harness/project.ts";
import { judge } from "../judge.ts";
import type { FaultRow, Provocation } from "../row.ts";
import { openScene, type Scene } from "../scene.ts";
import { mountItself, mountTmpfs, must, remount, unmount, usedOf } from "./mounts.ts";

export interface FullDisk {
  /** What lies on a file system of its own: PyBun's data, or the project with its environment. */
  readonly what: "data" | "cwd";
  /** What there is not enough of. */
  readonly limit: "bytes" | "files";
  /** How many amounts are tried, between nothing and what is needed. */
  readonly amounts: number;
}

const PAGE = 4096;
/** What also an operation needs for a while after which there is less than before. */
const LEAST = { bytes: 16 * PAGE, files: 40 };
const OPTION = { bytes: "size", files: "nr_inodes" } as const;

/** There is room for only a part of what the operation writes. Afterwards room is made, as a user would. */
export const fullDisk = ({ what, limit, amounts }: FullDisk): Provocation => ({
  needs: ["mounts"],
  provoke: ({ operation, expected }) =>
    withMount({ operation, expected }, { what, mount: mountTmpfs }, async (scene, folder) => {
      const free = (): void => remount(folder, "size=1g,nr_inodes=1000000");
      free();
      scene.reset();
      const before = usedOf(folder)[limit];
      await scene.run();
      const needed = Math.max(usedOf(folder)[limit] - before, LEAST[limit]);
      const faults: string[] = [];
      for (let step = 0; step < amounts; step++) {
        free();
        scene.reset();
        const room = Math.floor((needed * step) / amounts);
        // None at all would mean that there is no limit.
        const most =
          Math.max(usedOf(folder)[limit], limit === "bytes" ? PAGE : 1) +
          (limit === "bytes" ? Math.ceil(room / PAGE) * PAGE : room);
        remount(folder, `${OPTION[limit]}=${most}`);
        const faulty = await scene.run();
        free();
        const found = await judge(scene, faulty, expected);
        faults.push(...found.map((fault) => `room for ${room} of ${needed} ${limit}: ${fault}`));
      }
      return faults;
    }),
});

/** Everything lies on a disk of ext4 with a quota, which this user has nearly used up. */
export const usedUpQuota = (blocks: readonly number[]): Provocation => ({
  needs: ["mounts", "quota"],
  provoke: async ({ operation, expected }) => {
    const at = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "quota-")));
    const [folder, image] = [path.join(at, "mounted"), path.join(at, "image")];
    fs.mkdirSync(folder);
    fs.writeFileSync(image, "");
    fs.truncateSync(image, 64_000_000);
    must("mkfs.ext4", "-q", "-F", "-O", "quota", image);
    must("mount", "-o", "loop,usrquota", image, folder);
    const allow = (most: number): void => void must("setquota", "-u", "0", "0", String(most), "0", "0", folder);
    const scene = await openScene(operation, { under: folder });
    try {
      const faults: string[] = [];
      for (const room of blocks) {
        scene.reset();
        allow(Math.ceil(usedOf(folder).bytes / 1024) + room);
        // Root is held to no quota but without this privilege.
        const faulty = await scene.run({ behind: ["setpriv", "--bounding-set=-sys_resource", "--"] });
        allow(0);
        const found = await judge(scene, faulty, expected);
        faults.push(...found.map((fault) => `${room} KiB left: ${fault}`));
        if (faulty.exitCode === 0 && room === 0) faults.push("the quota held nobody back");
      }
      return faults;
    } finally {
      await scene.remove();
      unmount(folder);
      fs.rmSync(at, { recursive: true, force: true });
    }
  },
});

/** The store has all that is needed, on a file system that can't be written to. */
export const readOnlyStore: Provocation = {
  needs: ["mounts"],
  provoke: ({ operation, expected }) =>
    withMount({ operation, expected }, { what: "data", mount: mountItself }, async (scene, folder) => {
      scene.reset();
      await scene.run();
      // What the environment and the lock were before, with the store as it is after.
      const full = path.join(scene.place.root, "full");
      must("cp", "-a", folder, full);
      scene.reset();
      must("cp", "-a", `${full}/.`, folder);
      remount(folder, "bind,ro");
      const faulty = await scene.run();
      const seen = scene.seen();
      remount(folder, "bind,rw");
      fs.rmSync(full, { recursive: true });
      return [
        ...(seen === "new" ? [] : [`with the store read-only ${seen}`]),
        ...(await judge(scene, faulty, expected)),
      ];
    }),
};

/** The store is on another file system than the environment: no link between files can be had. */
export const otherFileSystem: Provocation = {
  needs: ["mounts"],
  provoke: ({ operation, expected }) =>
    withMount({ operation, expected }, { what: "data", mount: mountTmpfs }, async (scene) => {
      scene.reset();
      return judge(scene, await scene.run(), expected);
    }),
};

interface Mounting {
  readonly what: "data" | "cwd";
  readonly mount: (folder: string) => void;
}

/** A scene with a part of its place on a mount of its own. */
export async function withMount(
  { operation }: Pick<FaultRow, "operation" | "expected">,
  { what, mount }: Mounting,
  body: (scene: Scene, folder: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const mounted: string[] = [];
  const furnish = (place: Place): void => {
    mount(place[what]);
    mounted.push(place[what]);
  };
  const scene = await openScene(operation, { furnish });
  try {
    return await body(scene, scene.place[what]);
  } finally {
    for (const folder of mounted) unmount(folder);
    await scene.remove();
  }
}
