import { metadataTable } from "../../plugin-api/page/metadata-table.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { settingsOf } from "../../plugin-api/session.ts";
import { givenMetadata } from "./given-metadata.ts";
import { metadataOfMember } from "./member-metadata.ts";
import { settings as specs } from "./settings.ts";
import { LockState } from "./state.ts";

/** The requirements of a member, with the sources of its workspace applied, and of releases that the user speaks for. */
const metadata: Perform<"fetch.metadata"> = async (query, session) => {
  const { source, interpreter } = query;
  if (source.kind !== "member") return givenMetadata(settingsOf(session, specs).dependencyMetadata, query);
  const found = (await session.use(LockState)).member(source.path);
  return found && metadataTable(await metadataOfMember(found, interpreter, session));
};
export default metadata;
