import fs from "node:fs";
import path from "node:path";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { Artifact, Installed, LinkMode, Plan } from "../../plugin-api/model/environment.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { inReach } from "../../plugin-api/system/out-of-reach.ts";
import type { Place } from "./place.ts";

/** What changes in a place. */
export interface Changes {
  readonly install: readonly Pin[];
  readonly remove: readonly PackageName[];
}

/** Everything that is to be installed, in the store. Throws what `fetch.artifact` throws. */
export const fetchAll = (pins: readonly Pin[], place: Place, session: Session): Promise<readonly Artifact[]> =>
  Promise.all(pins.map((pin) => session.run("fetch.artifact", { pin, interpreter: place.interpreter })));

/** Carries changes out, all of them or none, and gives what they took the place of. Throws what the stage `link` throws. */
export async function carryOut(
  { install, remove }: Changes,
  { place, artifacts }: { readonly place: Place; readonly artifacts: readonly Artifact[] },
  session: Session,
): Promise<readonly Installed[]> {
  const { destination, existing } = place;
  const goes = new Set([...install.map(({ name }) => name), ...remove]);
  const present = existing?.installed ?? [];
  const gone = present.filter(({ name }) => goes.has(name));
  const keep = present.filter(({ name }) => !goes.has(name));
  const facts = [destination.root, ...install.map((pin) => `+${pin.name} ${pin.version} ${pin.file.url}`), ...goes];
  const plan: Plan = { destination, existing, install, keep, remove: gone, digest: sha256Of(facts.join("\n")) };
  session.signal.throwIfAborted();
  await inReach(destination.root, () => fs.mkdirSync(path.dirname(destination.root), { recursive: true }));
  await session.run("link", { plan, artifacts, mode: await modeFor(place, session) });
  return gone;
}

/** Only environments hold links to the store: what others look into, they get as files. */
async function modeFor({ kind }: Place, session: Session): Promise<LinkMode> {
  const isTyped = (await session.use(SettingsTable)).get("link.mode")?.origin.kind === "argv";
  return kind === "environment" || isTyped ? "auto" : "copy";
}
