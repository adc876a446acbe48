import fs from "node:fs";
import path from "node:path";
import type { EnvironmentStamp } from "../model/environment.ts";
import { writeAtomically } from "./atomic-file.ts";

/** Name of the stamp's file in the environment's folder. */
export const STAMP_FILE = "pybun.json";

/** The stamp of an environment; undefined when it has none that can be read: another tool made it, or an older version. */
export function readEnvironmentStamp(root: string): EnvironmentStamp | undefined {
  try {
    const stamp = JSON.parse(fs.readFileSync(path.join(root, STAMP_FILE), "utf8")) as Partial<EnvironmentStamp> | null;
    return stamp?.format === 1 && typeof stamp.wheels === "object" ? (stamp as EnvironmentStamp) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the stamp of an environment whose site-packages folder is `sitePackages`, with that folder's present time. */
export function writeEnvironmentStamp(
  root: string,
  sitePackages: string,
  stamp: Omit<EnvironmentStamp, "format" | "siteMtimeMs">,
): void {
  const { mtimeMs } = fs.statSync(sitePackages);
  const whole: EnvironmentStamp = { format: 1, ...stamp, siteMtimeMs: mtimeMs };
  writeAtomically(path.join(root, STAMP_FILE), `${JSON.stringify(whole, undefined, 1)}\n`);
}
