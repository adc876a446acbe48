import type { Indexes } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { bareUrl, loginIn } from "../../plugin-api/url-scope.ts";
import { indexList } from "./index-list.ts";
import { settings } from "./settings.ts";

/** The configured indexes for other plugins. Opens nothing. */
export default function indexes(session: Session): Indexes {
  return {
    list: () =>
      indexList(settingsOf(session, settings), session.cwd).map(({ name, url, isExplicit }) => {
        const username = loginIn(url)?.username;
        return { name, url: bareUrl(url), isExplicit, ...(username ? { username } : {}) };
      }),
  };
}
