import { type Indexes, SettingsTable } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { bareUrl, loginIn } from "../../plugin-api/url-scope.ts";
import { indexList, indexPlaces } from "./index-list.ts";
import { settings } from "./settings.ts";

/** The configured indexes for other plugins. Opens nothing. */
export default async function indexes(session: Session): Promise<Indexes> {
  const table = await session.use(SettingsTable);
  return {
    list: () =>
      indexList(settingsOf(session, settings), indexPlaces(table, session.cwd)).map(({ name, url, isExplicit }) => {
        const username = loginIn(url)?.username;
        return { name, url: bareUrl(url), isExplicit, ...(username ? { username } : {}) };
      }),
  };
}
