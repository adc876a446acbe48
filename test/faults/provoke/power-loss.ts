import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { judge } from "../judge.ts";
import { runOn, spread } from "../points.ts";
import type { Provocation } from "../row.ts";
import { openScene, type Scene } from "../scene.ts";
import { must } from "./mounts.ts";
import { type Action, CHANGING } from "./system-calls.ts";

/** File systems that can lose power here, with the size that each wants at least. */
const KINDS = {
  ext4: { megabytes: 64, make: ["mkfs.ext4", "-q", "-F"] },
  xfs: { megabytes: 320, make: ["mkfs.xfs", "-q", "-f"] },
  btrfs: { megabytes: 160, make: ["mkfs.btrfs", "-q", "-f"] },
} as const;

export interface PowerLoss {
  readonly kind: keyof typeof KINDS;
  /** While the command works, at its calls; or in the instant after it has said that it is done. */
  readonly when: "during" | "after";
  readonly points: { readonly thorough: number };
}

/** A file system in a file, with copies of it as it was at some time. */
interface Image {
  readonly folder: string;
  readonly file: string;
  mount(from?: string): void;
  unmount(): void;
}

function makeImage(kind: PowerLoss["kind"], at: string): Image {
  const [folder, file] = [path.join(at, "mounted"), path.join(at, "image")];
  const { megabytes, make } = KINDS[kind];
  fs.mkdirSync(folder);
  fs.closeSync(fs.openSync(file, "w"));
  fs.truncateSync(file, megabytes * 1_000_000);
  must(make[0], ...make.slice(1), file);
  return {
    folder,
    file,
    mount: (from) => {
      if (from !== undefined) must("cp", "--sparse=always", from, file);
      must("mount", "-o", "loop", file, folder);
    },
    unmount: () => void must("umount", folder),
  };
}

/** Power is lost at some calls of the operation: its file system is shut down, mounted again, and judged. */
export const powerLoss = ({ kind, when, points }: PowerLoss): Provocation => ({
  needs: ["mounts", "calls", kind],
  provoke: async ({ operation, expected }, depth) => {
    const at = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "power-")));
    const image = makeImage(kind, at);
    image.mount();
    const scene = await openScene(operation, { under: image.folder });
    try {
      const report = path.join(at, "report");
      const { count } = await runOn(scene, { calls: CHANGING, action: "none", at: 1, report });
      scene.reset();
      image.unmount();
      const base = path.join(at, "base");
      must("cp", "--sparse=always", image.file, base);
      const moments = when === "after" ? [count + 1] : spread(count, depth === "every" ? count : points.thorough);
      const faults: string[] = [];
      for (const moment of moments) {
        image.mount(base);
        const { result, first } = await runOn(scene, { calls: CHANGING, report, at: moment, ...lose(kind, when, at) });
        image.unmount();
        image.mount(kind === "btrfs" ? path.join(at, "taken") : undefined);
        // What it had said before the power went is known.
        const ended = when === "after" ? expected : { ...expected, exit: "any" as const };
        const found = [...(await judge(scene, result, ended)), ...(await checkImports(scene))];
        faults.push(...found.map((fault) => `call ${moment} of ${count}, ${first.replace(at, "")}: ${fault}`));
        image.unmount();
      }
      console.log(
        `${operation}: power lost on ${kind} ${when === "after" ? "when it was done" : `at ${moments.length} of ${count} calls`}`,
      );
      image.mount(base);
      return faults;
    } finally {
      await scene.remove();
      must("umount", "--lazy", image.folder);
      fs.rmSync(at, { recursive: true, force: true });
    }
  },
});

/** btrfs can't be shut down: what has reached its image by then is what is left of it. */
function lose(kind: PowerLoss["kind"], when: PowerLoss["when"], at: string): { readonly action: Action } {
  if (kind !== "btrfs") return { action: when === "after" ? "power-after" : "power" };
  return { action: `run-kill=cp --sparse=always ${at}/image ${at}/taken` };
}

/** Bytecode too must not be torn: an interpreter takes what there is for true. */
async function checkImports({ operation, run }: Scene): Promise<readonly string[]> {
  if (operation.watched !== "modules") return [];
  const names = (operation.after ?? []).map((requirement) => requirement.split("==")[0]?.replace("-", "_") ?? "");
  const code = names.map((name) => `import ${name}.inner.module, shared_space.${name}`).join("\n");
  const { exitCode, stdout, stderr } = await run({}, ["run", "-c", code]);
  return exitCode === 0 ? [] : [`import: ${stdout.slice(-300)} ${stderr.slice(-300)}`];
}
