import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { StoreUpkeep } from "../../plugin-api/store-upkeep.ts";
import { clearLeftovers, temporaryFolder } from "../../plugin-api/system/temporary-folder.ts";
import { checkEntry } from "./check-entry.ts";
import { forgetBytecode } from "./forget-bytecode.ts";
import { heldBy } from "./held-by.ts";
import { keptEntries, usageOf } from "./kept-entries.ts";
import { openKnownWheels } from "./known-wheels.ts";
import { placesIn } from "./places.ts";
import { removeEntries } from "./remove-entries.ts";
import { sweep } from "./sweep.ts";

/** The store below the data directory, as those see it who look after it. */
export default async function openUpkeep(session: Session): Promise<StoreUpkeep & Disposable> {
  const { signal } = session;
  const places = placesIn((await session.use(Host)).dataDir);
  clearLeftovers(places.tmp);
  const known = openKnownWheels(places);
  const temporary = temporaryFolder(places.tmp);
  return {
    entries: () => keptEntries(places),
    usage: usageOf,
    held: (environment) => heldBy(environment, places),
    check: (entry, asked) => checkEntry(entry, { places, known, signal: asked }),
    parts: async (entry) => (await import("./transport.ts")).transportParts(entry),
    forgetBytecode,
    remove: (choose, reason) => removeEntries(choose, reason, { places, temporary, signal }),
    sweep: (order) => sweep(order, places, signal),
    [Symbol.dispose]: () => temporary.remove(),
  };
}
