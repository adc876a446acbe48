import { DEFAULT_LIMITS } from "../../plugin-api/archive/limits.ts";
import { findWheelFolders } from "../../plugin-api/archive/wheel-files.ts";
import { readCentralDirectory } from "../../plugin-api/archive/zip-directory.ts";
import { locateEndRecord } from "../../plugin-api/archive/zip-end.ts";
import { readMember } from "../../plugin-api/archive/zip-member.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { DistributionFile } from "../../plugin-api/model/distribution.ts";
import type { RangeAnswer } from "../../plugin-api/services.ts";

/** Asks for bytes `start` to `end`, both inclusive, or the last `-start`; undefined from a server that can't. */
export type ReadRange = (part: { readonly start: number; readonly end?: number }) => Promise<RangeAnswer | undefined>;

/** Holds directory and METADATA of nearly every wheel: METADATA is by custom among the last members. */
const TAIL_BYTES = 16 * 1024;

/**
 * METADATA out of a wheel on a server, by one range request for most. `no-ranges`: the server does not answer them.
 * `damaged`: the end of the file is not that of a zip archive, or shorter than expected; the whole file has to decide.
 */
export async function fromRanges(
  file: DistributionFile,
  read: ReadRange,
): Promise<Uint8Array | "no-ranges" | "damaged"> {
  const tail = await read({ start: -TAIL_BYTES });
  if (!tail) return "no-ranges";
  const { filename: archive } = file;
  const get = partReader(tail, read);
  try {
    const end = locateEndRecord(tail.bytes, tail.totalBytes, archive);
    const directory = await get(end.directoryOffset, end.directoryOffset + end.directoryBytes);
    if (!directory) return "no-ranges";
    const entries = readCentralDirectory(directory, end, { archive });
    const { info } = findWheelFolders(entries, archive);
    const entry = entries.find(({ path }) => path === `${info}/METADATA`);
    if (!entry || entry.sizeBytes > DEFAULT_LIMITS.metadataBytes) return "damaged";
    const member = await get(entry.offset, entry.endOffset);
    return member ? readMember(entry, member, archive) : "no-ranges";
  } catch (error) {
    if (error instanceof PybunError && error.code === "E_ARCHIVE_UNSAFE") return "damaged";
    throw error;
  }
}

/** Bytes `[from, to)`, out of the tail where it holds them. */
function partReader(tail: RangeAnswer, read: ReadRange): (from: number, to: number) => Promise<Uint8Array | undefined> {
  return async (from, to) => {
    if (from >= tail.offset) return tail.bytes.subarray(from - tail.offset, to - tail.offset);
    const part = await read({ start: from, end: to - 1 });
    // Another size is another file: somebody replaced it in between.
    return part && part.totalBytes === tail.totalBytes && part.bytes.length === to - from ? part.bytes : undefined;
  };
}
