import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import { type DecisiveMetadata, parseDecisiveMetadata } from "../../plugin-api/python/core-metadata.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import type { MetadataQuery } from "../../plugin-api/stages.ts";

type Asked = Pick<MetadataQuery, "name" | "version" | "file">;

/** Metadata that speaks of the release that was asked for. Throws `E_METADATA`. */
export function readOwnMetadata(source: string | Uint8Array, asked: Asked): DecisiveMetadata {
  let metadata: DecisiveMetadata;
  try {
    metadata = parseDecisiveMetadata(source, asked.version);
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    throw unusable(asked, error.message);
  }
  checkIdentity(metadata, asked);
  return metadata;
}

/** Throws `E_METADATA` for the metadata of another release. */
export function checkIdentity(metadata: Pick<DecisiveMetadata, "name" | "version">, asked: Asked): void {
  if (metadata.name === asked.name && isSameVersion(metadata.version, asked.version)) return;
  throw unusable(asked, `it is that of \`${metadata.name} ${metadata.version}\``);
}

const isSameVersion = (a: string, b: string): boolean => a === b || versionKey(a) === versionKey(b);

/** The error for metadata that can't be used (`E_METADATA`). `fault` completes the sentence. */
export const unusable = ({ name, version, file }: Asked, fault: string): PybunError =>
  new PybunError("E_METADATA", `the metadata of \`${file.filename}\` can't be used: ${fault}`, {
    context: { package: name, version, file: file.filename },
  });
