import { judge } from "../judge.ts";
import { runOn, spread } from "../points.ts";
import type { Provocation } from "../row.ts";
import { withMount } from "./full-disk.ts";
import { mountItself, remount } from "./mounts.ts";
import { CHANGING } from "./system-calls.ts";

/** The file system becomes read-only while the operation works: at some of its calls, or the next at which nothing is open for writing. */
export const becomesReadOnly = (what: "data" | "cwd", points: number): Provocation => ({
  needs: ["mounts", "calls"],
  provoke: ({ operation, expected }) =>
    withMount({ operation, expected }, { what, mount: mountItself }, async (scene, folder) => {
      scene.reset();
      const { count } = await runOn(scene, { calls: CHANGING, action: "none", at: 1, root: folder });
      const action = `run=mount -o remount,bind,ro ${folder} 2>/dev/null` as const;
      const faults: string[] = [];
      for (const at of spread(count, points)) {
        scene.reset();
        const { result, first } = await runOn(scene, { calls: CHANGING, action, at, until: at, root: folder });
        remount(folder, "bind,rw");
        const found = await judge(scene, result, expected);
        faults.push(...found.map((fault) => `call ${at} of ${count}, ${first.replace(folder, "")}: ${fault}`));
      }
      return faults;
    }),
});
