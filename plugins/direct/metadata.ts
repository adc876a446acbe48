import { fileURLToPath } from "node:url";
import { PybunError } from "../../plugin-api/error.ts";
import type { DistributionMetadata } from "../../plugin-api/model/distribution.ts";
import { isSameRelease, metadataTable } from "../../plugin-api/page/metadata-table.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import type { Session } from "../../plugin-api/session.ts";
import { metadataOfSource } from "../../plugin-api/source-build.ts";
import type { MetadataQuery } from "../../plugin-api/stages.ts";
import { DirectState } from "./direct-key.ts";
import { referenceOf } from "./pinned.ts";

/** Answers for direct references, and for every archive on this machine, whichever index or folder lists it. */
const readMetadata: Perform<"fetch.metadata"> = async (query, session) => {
  const { name, file, source, interpreter } = query;
  if (source.kind === "index") return file.url.startsWith("file:") ? readListed(query, session) : undefined;
  if (source.kind !== "url" && source.kind !== "path") return undefined;
  const state = await session.use(DirectState);
  const reference = referenceOf(name, file, source);
  return (await state.inspect({ name, reference, ...(interpreter && { interpreter }) })).metadata;
};
export default readMetadata;

async function readListed(query: MetadataQuery, session: Session): Promise<DistributionMetadata> {
  const { name, version, file, interpreter } = query;
  const local = fileURLToPath(file.url);
  const order = { name, version, path: local, ...(interpreter && { interpreter }) };
  const { wheels } = await session.use(DirectState);
  const found = file.kind === "wheel" ? wheels.ofWheel(local) : metadataTable(await metadataOfSource(order, session));
  checkIdentity(query, found);
  return found;
}

function checkIdentity({ name, version, file }: MetadataQuery, found: DistributionMetadata): void {
  if (found.name === name && isSameRelease(found.version, version)) return;
  const message = `\`${file.filename}\` can't be used: its metadata is that of ${found.name} ${found.version}`;
  throw new PybunError("E_METADATA", message, { context: { file: file.filename } });
}
