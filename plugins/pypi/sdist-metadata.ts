import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { readSourceMetadata } from "../../plugin-api/archive/source-metadata.ts";
import type { SourceMetadata } from "../../plugin-api/python/source-metadata.ts";
import { Interpreters } from "../../plugin-api/services.ts";
import type { MetadataQuery } from "../../plugin-api/stages.ts";
import { ensureArtifact } from "./artifacts.ts";
import { isLocal } from "./file-identity.ts";
import { checkIdentity, readOwnMetadata } from "./identity-check.ts";
import type { IndexState } from "./state.ts";

/** The metadata of a source archive: as it states it where a build can't change that, else as its backend prepares it. */
export default async function sdistMetadata(query: MetadataQuery, state: IndexState): Promise<SourceMetadata> {
  const { name, version, file } = query;
  const archive = isLocal(file) ? fileURLToPath(file.url) : await ensureArtifact(query, state);
  const stated = await readSourceMetadata(archive);
  if (stated) {
    checkIdentity(stated, query);
    return stated;
  }
  const interpreter = query.interpreter ?? (await (await state.session.use(Interpreters)).find({}));
  const build = { name, version, path: archive, interpreter, want: "metadata" } as const;
  const prepared = await state.session.run("build", build);
  return readOwnMetadata(fs.readFileSync(path.join(prepared.path, "METADATA")), query);
}
