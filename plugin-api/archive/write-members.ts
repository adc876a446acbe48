import fs from "node:fs";
import path from "node:path";
import { writeAll } from "../system/write-all.ts";
import { createPieceReader } from "./piece-reader.ts";
import type { TarMember } from "./tar.ts";

/** Makes a file that must not be there yet and is not a link: 0755 when any execute bit is set, else 0644. Gives its descriptor. */
export function createFile(target: string, permissions: number): number {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;
  const mode = (permissions & 0o111) === 0 ? 0o644 : 0o755;
  return fs.openSync(target, O_WRONLY | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0), mode);
}

/**
 * The second pass over a tar stream: writes the members that `indexTar` has judged. Links are made when nothing is written
 * any more, hard links as copies. Throws system errors, and a plain `Error` when the stream is not the judged one.
 */
export async function writeTar(
  members: readonly TarMember[],
  pieces: AsyncIterable<Buffer>,
  destination: string,
): Promise<void> {
  const reader = createPieceReader(pieces);
  const placeOf = ({ path: name }: TarMember) => path.join(destination, name);
  for (const member of members) {
    const target = placeOf(member);
    fs.mkdirSync(member.kind === "folder" ? target : path.dirname(target), { recursive: true });
    if (member.kind !== "file") continue;
    await reader.skip(member.offset - reader.offset);
    const fd = createFile(target, member.permissions);
    try {
      const isWhole = await reader.pour(member.sizeBytes, (piece) => writeAll(fd, piece, { file: target }));
      if (!isWhole) throw new Error("the archive became shorter while it was read");
    } finally {
      fs.closeSync(fd);
    }
  }
  await reader.end();
  for (const member of members) {
    if (member.kind !== "hardlink") continue;
    fs.copyFileSync(path.join(destination, member.target), placeOf(member), fs.constants.COPYFILE_EXCL);
  }
  for (const member of members) if (member.kind === "symlink") fs.symlinkSync(member.target, placeOf(member));
}
