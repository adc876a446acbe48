import fs from "node:fs";
import path from "node:path";
import { warning } from "../../plugin-api/diagnostic.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { Artifact } from "../../plugin-api/model/environment.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import type { Session } from "../../plugin-api/session.ts";
import { removeTree } from "../../plugin-api/system/remove-tree.ts";
import { carryOut } from "./carry-out.ts";
import type { Place } from "./place.ts";

/** Packages to put at the top of a folder. */
export interface Target {
  readonly pins: readonly Pin[];
  readonly artifacts: readonly Artifact[];
  readonly place: Place;
  /** Absolute. */
  readonly folder: string;
  /** What is there gives way. */
  readonly isUpgrade: boolean;
}

const SITE = "lib/python";

/**
 * `--target`: as pip does it, the packages are installed into an empty folder beside, whose parts are then moved: what is
 * there already stays, with a warning, unless it is to be upgraded.
 */
export async function intoTarget(
  { pins, artifacts, place, folder, isUpgrade }: Target,
  session: Session,
): Promise<void> {
  const { interpreter } = place;
  const isNew = !fs.existsSync(folder);
  if (!isNew && !fs.statSync(folder).isDirectory())
    throw new PybunError("E_PIP_PLACE", `\`${folder}\` is no folder that packages could be put into`);
  fs.mkdirSync(folder, { recursive: true });
  const staging = fs.mkdtempSync(path.join(folder, ".pybun-"));
  try {
    const scheme = { purelib: SITE, platlib: SITE, scripts: "bin", headers: interpreter.scheme.headers };
    const sitePackages = path.join(staging, SITE);
    const python = place.existing?.python ?? interpreter.path;
    const existing = { root: staging, interpreter, python, sitePackages, installed: [] };
    const destination = { root: staging, interpreter, isExact: false, scheme };
    await carryOut({ install: pins, remove: [] }, { place: { ...place, destination, existing }, artifacts }, session);
    moveOver(sitePackages, { folder, isUpgrade }, session);
    fs.rmSync(path.join(staging, SITE.split("/", 1)[0] as string), { recursive: true });
    moveOver(staging, { folder, isUpgrade }, session);
  } catch (error) {
    if (isNew) removeTree(folder);
    throw error;
  } finally {
    removeTree(staging);
  }
}

function moveOver(from: string, { folder, isUpgrade }: Pick<Target, "folder" | "isUpgrade">, session: Session): void {
  for (const name of fs.readdirSync(from).sort()) {
    const to = path.join(folder, name);
    if (fs.existsSync(to)) {
      if (!isUpgrade) {
        const message = `\`${to}\` is there already and stays as it is`;
        const hints = ["replace it: `pybun pip install --upgrade --target`"];
        session.emit({ type: "Diagnostic", diagnostic: warning("W_PIP_TARGET", message, { hints }) });
        continue;
      }
      removeTree(to);
    }
    fs.renameSync(path.join(from, name), to);
  }
}
