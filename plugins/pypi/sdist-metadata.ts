import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { InvalidSyntax } from "../../plugin-api/error.ts";
import { metadataOfPkgInfo, type SourceMetadata } from "../../plugin-api/python/source-metadata.ts";
import { Interpreters } from "../../plugin-api/services.ts";
import type { MetadataQuery } from "../../plugin-api/stages.ts";
import { ensureArtifact } from "./artifacts.ts";
import { isLocal } from "./file-identity.ts";
import { checkIdentity, readOwnMetadata, unusable } from "./identity-check.ts";
import { readPkgInfo } from "./pkg-info.ts";
import type { IndexState } from "./state.ts";

/** The metadata of a source archive: as it states it where a build can't change that, else as its backend prepares it. */
export default async function sdistMetadata(query: MetadataQuery, state: IndexState): Promise<SourceMetadata> {
  const { name, version, file } = query;
  const archive = isLocal(file) ? fileURLToPath(file.url) : await ensureArtifact(query, state);
  const stated = await statedMetadata(archive, query);
  if (stated) return stated;
  const interpreter = query.interpreter ?? (await (await state.session.use(Interpreters)).find({}));
  const build = { name, version, path: archive, interpreter, want: "metadata" } as const;
  const prepared = await state.session.run("build", build);
  return readOwnMetadata(fs.readFileSync(path.join(prepared.path, "METADATA")), query);
}

async function statedMetadata(archive: string, query: MetadataQuery): Promise<SourceMetadata | undefined> {
  const text = await readPkgInfo(archive, query.file.filename);
  if (text === undefined) return undefined;
  try {
    const stated = metadataOfPkgInfo(text);
    if (stated) checkIdentity(stated, query);
    return stated;
  } catch (error) {
    if (error instanceof InvalidSyntax) throw unusable(query, error.message);
    throw error;
  }
}
