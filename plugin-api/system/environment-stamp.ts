import fs from "node:fs";
import path from "node:path";
import type { Sha256 } from "../model/digest.ts";
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
  const stamp = JSON.parse(text) as (Omit<Partial<EnvironmentStamp>, "format"> & { readonly format?: unknown }) | null;
  if (typeof stamp?.wheels !== "object" || stamp.wheels === null) return undefined;
  if (stamp.format === 1) return stamp as EnvironmentStamp;
  return stamp.format === SHORT
    ? ({ ...stamp, format: 1, wheels: longWheels(stamp.wheels) } as EnvironmentStamp)
    : undefined;
}

/** Written so that the stamp of an environment of usual size is one block: digests in base64url, by names without their ending. */
const SHORT = 2;
const ENDING = ".dist-info";

/** What a stamp is written as. */
export function stampText(stamp: EnvironmentStamp): string {
  const wheels = Object.entries(stamp.wheels);
  const isPlain = wheels.every(([name, sha256]) => name.endsWith(ENDING) && /^[0-9a-f]{64}$/.test(sha256));
  if (!isPlain) return `${JSON.stringify(stamp)}\n`;
  const short = wheels.map(([name, sha256]) => [
    name.slice(0, -ENDING.length),
    Buffer.from(sha256, "hex").toString("base64url"),
  ]);
  return `${JSON.stringify({ ...stamp, format: SHORT, wheels: Object.fromEntries(short) as object })}\n`;
}

const longWheels = (wheels: Readonly<Record<string, string>>): EnvironmentStamp["wheels"] =>
  Object.fromEntries(
    Object.entries(wheels).map(([name, digest]) => [
      name + ENDING,
      Buffer.from(digest, "base64url").toString("hex") as Sha256,
    ]),
  );

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
  const written = path.join(temporary, `${STAMP_FILE}.new`);
  fs.writeFileSync(written, stampText({ format: 1, ...stamp, siteMtimeMs: mtimeMs }));
  fs.renameSync(written, path.join(root, STAMP_FILE));
}
