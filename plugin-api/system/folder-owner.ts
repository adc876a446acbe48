import fs from "node:fs";
import path from "node:path";
import { ownIdentity, type ProcessIdentity } from "./process-identity.ts";

/** Name of the file in a temporary folder that says whose it is. */
export const OWNER_FILE = "owner.json";

/** Says in a temporary folder whose it is, so that others leave it alone while this process lives, and remove it afterwards. */
export const claimFolder = (folder: string): void =>
  fs.writeFileSync(path.join(folder, OWNER_FILE), JSON.stringify(ownIdentity()), { flag: "wx" });

/** The process that claimed a folder; undefined when none did, or none that can be told. */
export function ownerOf(folder: string): ProcessIdentity | undefined {
  try {
    const owner = JSON.parse(fs.readFileSync(path.join(folder, OWNER_FILE), "utf8")) as Partial<ProcessIdentity> | null;
    return typeof owner?.pid === "number" && typeof owner.host === "string" ? (owner as ProcessIdentity) : undefined;
  } catch {
    return undefined;
  }
}
