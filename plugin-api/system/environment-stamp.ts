import fs from "node:fs";
import path from "node:path";
import type { EnvironmentStamp } from "../model/environment.ts";

/** Name of the stamp's file in the environment's folder. */
export const STAMP_FILE = "pybun.json";

/**
 * The stamp of an environment; undefined when it has none that can be read: another tool made it, or an older version. Of the same
 * text as the last time it is the same stamp.
 */
export function readEnvironmentStamp(root: string): EnvironmentStamp | undefined {
  try {
    const text = fs.readFileSync(path.join(root, STAMP_FILE), "utf8");
    if (last?.text !== text) last = { text, stamp: parse(text) };
    return last.stamp;
  } catch {
    return undefined;
  }
}

/** A command asks several times. */
let last: { readonly text: string; readonly stamp: EnvironmentStamp | undefined } | undefined;

function parse(text: string): EnvironmentStamp | undefined {
  const stamp = JSON.parse(text) as Partial<EnvironmentStamp> | null;
  return stamp?.format === 1 && typeof stamp.wheels === "object" ? (stamp as EnvironmentStamp) : undefined;
}

/** Where to write a stamp; all absolute. */
export interface StampPlace {
  readonly root: string;
  readonly sitePackages: string;
  /** Folder on the same file system for the file while it is written. */
  readonly temporary: string;
}

/** Writes an environment's stamp, with the present time of change of its site-packages folder. */
export function writeEnvironmentStamp(
  { root, sitePackages, temporary }: StampPlace,
  stamp: Omit<EnvironmentStamp, "format" | "siteMtimeMs">,
): void {
  const { mtimeMs } = fs.statSync(sitePackages);
  const whole: EnvironmentStamp = { format: 1, ...stamp, siteMtimeMs: mtimeMs };
  const written = path.join(temporary, `${STAMP_FILE}.new`);
  fs.writeFileSync(written, `${JSON.stringify(whole, undefined, 1)}\n`);
  fs.renameSync(written, path.join(root, STAMP_FILE));
}
