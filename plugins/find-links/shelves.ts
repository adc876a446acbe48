import { warning } from "../../plugin-api/diagnostic.ts";
import type { VersionPage } from "../../plugin-api/model/distribution.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { Shelf } from "../../plugin-api/page/shelf.ts";
import { Credentials, SettingsTable } from "../../plugin-api/services.ts";
import { type Session, settingsOf, sharedSettings } from "../../plugin-api/session.ts";
import { openedPage } from "./opened.ts";
import { type Place, placesOf } from "./places.ts";
import { readPlace } from "./read-place.ts";
import { settings } from "./settings.ts";
import type { Shelves } from "./shelves-key.ts";

/** Makes the shelves of a run. Each place is read when the first package is asked for. */
export default async function shelves(session: Session): Promise<Shelves> {
  const { findLinks } = settingsOf(session, settings);
  const [credentials, table] = await Promise.all([session.use(Credentials), session.use(SettingsTable)]);
  const origin = table.get("find-links")?.origin ?? { kind: "default", name: "find-links" };
  const withoutLogin = (url: string) => credentials.learn({ url });
  const places = placesOf({ values: findLinks, origin, cwd: session.cwd, withoutLogin });
  let reading: Promise<readonly (readonly [Place, Shelf])[]> | undefined;
  const read = () => Promise.all(places.map(async (place) => [place, await readPlace(place, session)] as const));
  return {
    async pages(name) {
      reading ??= read();
      return (await reading).map(([place, shelf]) => pageOf({ name, place, shelf, session }));
    },
    async identity() {
      reading ??= read();
      const parts = (await reading).map(([{ where }, { identity }]) => identity && [where, identity]);
      return parts.includes(undefined) ? undefined : JSON.stringify(parts);
    },
  };
}

interface Asked {
  readonly name: PackageName;
  readonly place: Place;
  readonly shelf: Shelf;
  readonly session: Session;
}

function pageOf({ name, place, shelf, session }: Asked): VersionPage {
  const isTold = sharedSettings(session).verbose > 0;
  const { page, skipped } = openedPage(name, place.label, shelf.filesOf(name));
  for (const { filename, reason } of isTold ? skipped : []) {
    const message = `\`${filename}\` in ${place.label} was left out: ${reason}`;
    session.emit({ type: "Diagnostic", diagnostic: warning("I_ARCHIVE_IGNORED", message) });
  }
  return page;
}
