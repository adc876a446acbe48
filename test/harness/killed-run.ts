import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** More changes of the disk than any test makes; a loop that gets here does not end by itself. */
const MOST_CHANGES = 5000;

/** A TypeScript module's text, run in a process of its own; `folder` is where it may lie. */
export interface Script {
  readonly folder: string;
  readonly text: string;
}

/**
 * Runs the script again and again, each time killed one change of the disk later (see `killBeforeChange`), until a run
 * survives. `before` makes the scene anew, `after` judges what the killed process left. Returns the number of kills.
 */
export async function killEverywhere(
  script: Script,
  {
    before,
    after,
  }: { readonly before: () => Promise<void> | void; readonly after: (n: number) => Promise<void> | void },
): Promise<number> {
  const file = path.join(script.folder, "killed.ts");
  const kill = path.join(import.meta.dirname, "kill-point.ts");
  for (let n = 1; n < MOST_CHANGES; n++) {
    await before();
    fs.writeFileSync(file, `import { killBeforeChange } from ${JSON.stringify(kill)};\n${script.text}`);
    const { signal, status, stderr } = spawnSync(process.execPath, [file, String(n)], { encoding: "utf8" });
    await after(n);
    if (status === 0) return n - 1;
    if (signal !== "SIGKILL") throw new Error(`run ${n} ended with ${status ?? signal}: ${stderr}`);
  }
  throw new Error("the script never ends");
}
