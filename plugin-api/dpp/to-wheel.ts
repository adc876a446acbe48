import { bytesSource } from "../archive/byte-source.ts";
import { quoteName } from "../archive/fault.ts";
import { checkContent, openWheel } from "../archive/wheel.ts";
import { type PackedMember, writeZip } from "../archive/write-zip.ts";
import { outOfBounds } from "./fault.ts";
import type { DppView } from "./open.ts";
import type { DppFile } from "./parts.ts";

/** A wheel: its file name and its bytes. */
export interface MadeWheel {
  readonly filename: string;
  readonly bytes: Buffer;
}

/**
 * The wheel that a DPP was made from: same name, files, contents and permissions, in an order of its own with RECORD last.
 * It is judged as one to be installed before it is given: throws `E_ARCHIVE_UNSAFE`, `E_LIMIT`, `E_HASH_MISMATCH`, `E_FORMAT_BOUNDS`.
 */
export function toWheel(view: DppView): MadeWheel {
  const { wheelFilename: filename } = view.metadata();
  if (/[/\\]/.test(filename)) throw outOfBounds(filename, `${quoteName(filename)} is not the name of a wheel`);
  const files = view.files().toSorted((a, b) => rank(a) - rank(b));
  const bytes = writeZip(members(view, files), filename);
  const wheel = openWheel(bytesSource(bytes), { filename });
  for (const file of wheel.files) {
    const check = checkContent(wheel, file);
    check.update(wheel.archive.glance(file.entry));
    check.finish();
  }
  return { filename, bytes };
}

/** PEP 427 recommends `.dist-info` at the end, and RECORD speaks of everything before it. */
function rank({ path, scheme }: DppFile): number {
  if (scheme !== "dist-info") return 0;
  return /^[^/]+\/RECORD$/.test(path) ? 2 : 1;
}

function* members(view: DppView, files: readonly DppFile[]): Generator<PackedMember> {
  for (const file of files) {
    const content = view.content(file);
    const method = file.codec === "deflate" ? 8 : 0;
    yield { path: file.path, permissions: file.mode, method, packed: file.stored, content };
  }
}
