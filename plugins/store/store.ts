import fs from "node:fs";
import path from "node:path";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import { Host, type Store } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { waitForRelease } from "../../plugin-api/system/lock-file.ts";
import { clearLeftovers, temporaryFolder } from "../../plugin-api/system/temporary-folder.ts";
import { compiledMark } from "./compiled-mark.ts";
import type { Crew } from "./crew.ts";
import type { Intake, openIntake } from "./intake.ts";
import { openKnownWheels } from "./known-wheels.ts";
import { placesIn } from "./places.ts";
import { entryReader, findEntry } from "./read-entry.ts";

type Wheel = Parameters<Store["ingest"]>[0];

/** The store below the data directory (SPEC STO-01 to STO-09). */
export default async function openStore(session: Session): Promise<Store & Disposable> {
  const { dataDir } = await session.use(Host);
  const places = placesIn(dataDir);
  clearLeftovers(places.tmp);
  const temporary = temporaryFolder(places.tmp);
  const intake = intakeLater({ session, dataDir, places, temporary });
  const takeIn = async (wheel: Wheel): Promise<StoreEntry> => {
    const found = await intake.take(wheel);
    const { id, wheelSha256, filename } = found.entry;
    known.note(wheelSha256, { id, filename, layout: JSON.stringify(found.layout) });
    return reader.note(found);
  };
  const running = new Map<string, Promise<StoreEntry>>();
  const reader = entryReader(places);
  const known = openKnownWheels(places);
  let isUsing = false;
  /** Whoever removes entries sees by the folder that somebody is at work here, or else is seen (see remove-entries.ts). */
  const beginUse = (): void => {
    if (isUsing || !fs.existsSync(dataDir)) return;
    isUsing = true;
    try {
      temporary.path();
    } catch {
      // A store that can't be written to is one from which nobody removes anything.
    }
    waitForRelease(places.removing);
  };
  return {
    find(wheelSha256) {
      beginUse();
      const found = findEntry(places, wheelSha256, known);
      return found && reader.note(found);
    },
    ingest(wheel) {
      beginUse();
      const key = wheel.sha256 ?? path.resolve(wheel.path);
      let ingest = running.get(key);
      if (ingest === undefined) {
        ingest = takeIn(wheel).finally(() => running.delete(key));
        running.set(key, ingest);
      }
      return ingest;
    },
    layout: reader.layout,
    recordRows: reader.recordRows,
    isCompiled: ({ path: folder }, cacheTag) => fs.existsSync(path.join(folder, compiledMark(cacheTag))),
    async compile(entries, interpreter, mode) {
      await known.keep();
      return (await import("./compile.ts")).compile(entries, interpreter, mode);
    },
    get temporaryDir() {
      return temporary.path();
    },
    [Symbol.dispose]() {
      intake.dispose();
      temporary.remove();
      isUsing = false;
    },
  };
}

/** Taking in needs threads, inflating and hashing; most runs only look up. */
function intakeLater(base: Parameters<typeof openIntake>[0]): Pick<Intake, "take"> & { readonly dispose: () => void } {
  let intake: Promise<Intake> | undefined;
  let crew: Crew | undefined;
  const open = async (): Promise<Intake> => {
    const opened = (await import("./intake.ts")).openIntake(base);
    crew = opened.crew;
    return opened;
  };
  return { take: async (wheel) => (await (intake ??= open())).take(wheel), dispose: () => crew?.dispose() };
}
