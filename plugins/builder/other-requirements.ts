import fs from "node:fs";
import path from "node:path";
import { fileSource } from "../../plugin-api/archive/byte-source.ts";
import { openWheel, type Wheel } from "../../plugin-api/archive/wheel.ts";
import { type PackedMember, writeZip } from "../../plugin-api/archive/write-zip.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { formatRecord, parseRecord } from "../../plugin-api/python/record.ts";

/**
 * Writes a wheel that is as another of the same name, but requires this, extras apart, into a new folder; undefined where that can't be
 * told from its metadata. Throws what `openWheel` throws.
 */
export function withRequirements(wheel: string, requirements: readonly string[], folder: string): string | undefined {
  const filename = path.basename(wheel);
  const fd = fs.openSync(wheel, "r");
  try {
    const members = [...membersOf(openWheel(fileSource(fd), { filename }))];
    const metadata = members.find(({ path: name }) => name.endsWith(".dist-info/METADATA")) as ReadMember;
    const text = metadataWith(metadata.content.toString(), requirements);
    if (text === undefined) return undefined;
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, filename), writeZip(recorded(members, metadata, Buffer.from(text)), filename));
    return folder;
  } finally {
    fs.closeSync(fd);
  }
}

interface ReadMember extends PackedMember {
  readonly content: Buffer;
}

function* membersOf({ archive, files }: Wheel): Generator<ReadMember> {
  for (const { entry } of files) yield memberOf(entry, archive.read(entry));
}

const memberOf = (
  { path: name, permissions }: Pick<PackedMember, "path" | "permissions">,
  content: Buffer,
): ReadMember => ({ path: name, permissions, method: 0, packed: content, content });

/** The members with other metadata, and what RECORD has to say of that. */
function recorded(members: readonly ReadMember[], metadata: ReadMember, content: Buffer): readonly ReadMember[] {
  const row = { path: metadata.path, sha256: sha256Of(content), size: content.length };
  const isRecord = ({ path: name }: ReadMember): boolean => name === metadata.path.replace(/METADATA$/, "RECORD");
  return members.map((member) => {
    if (member === metadata) return memberOf(member, content);
    if (!isRecord(member)) return member;
    const rows = parseRecord(member.content.toString()).map((each) => (each.path === row.path ? row : each));
    return memberOf(member, Buffer.from(formatRecord(rows)));
  });
}

/** A requirement of an extra stands behind `extra ==`. */
const OF_NO_EXTRA = /^Requires-Dist:(?!.*;.*\bextra\b)/i;
/** Carriage returns, and fields that go on in a further line. */
const FOLDED = /\r|^Requires-Dist:.*\n[ \t]/im;

/** Core metadata that requires this, extras apart; undefined where the text is of an unusual form. Pure. */
export function metadataWith(metadata: string, requirements: readonly string[]): string | undefined {
  const end = metadata.search(/\n(?:\n|$)/);
  const [head, rest] = [metadata.slice(0, end), metadata.slice(end)];
  if (end < 0 || FOLDED.test(head)) return undefined;
  const lines = head.split("\n");
  const first = lines.findIndex((line) => OF_NO_EXTRA.test(line));
  const at = first < 0 ? lines.length : first;
  const required = requirements.map((text) => `Requires-Dist: ${text}`);
  const behind = lines.slice(at).filter((line) => !OF_NO_EXTRA.test(line));
  return [...lines.slice(0, at), ...required, ...behind].join("\n") + rest;
}
