import { type Indexes, SettingsTable } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { bareUrl, loginIn } from "../../plugin-api/url-scope.ts";
import { indexList, indexPlaces } from "./index-list.ts";
import { settings } from "./settings.ts";
import { SupposedIndexes, withTables } from "./supposed.ts";

/** The configured indexes for other plugins. Opens nothing. */
export default async function indexes(session: Session): Promise<Indexes> {
  const places = indexPlaces(await session.use(SettingsTable), session.cwd);
  const supposed = await session.use(SupposedIndexes);
  const own = settingsOf(session, settings);
  return {
    suppose: (index) => {
      supposed.tables.push(index);
      indexList(withTables(own, supposed), places);
    },
    list: () =>
      indexList(withTables(own, supposed), places).map(({ name, url, isExplicit }) => {
        const username = loginIn(url)?.username;
        return { name, url: bareUrl(url), isExplicit, ...(username ? { username } : {}) };
      }),
  };
}
