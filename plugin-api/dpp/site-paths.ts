import { outOfBounds } from "./fault.ts";
import { readOneSection } from "./image.ts";
import { RECORD_BYTES, SCHEMES } from "./layout.ts";
import { placeInTree } from "./tree-place.ts";

/**
 * Where the files of purelib and platlib lie in an unpacked wheel, of those whose names end in one of `endings` (ASCII). Of the DPP only
 * their records are read, and no path is judged: for records that were made here. `read` as for `readOneSection`; what it gave before may
 * change with each call. Throws `E_FORMAT_MAGIC`, `E_FORMAT_VERSION`, `E_FORMAT_BOUNDS`.
 */
export function readSitePaths(
  read: (at: number, length: number) => Buffer,
  file: string,
  endings: readonly string[],
): readonly string[] {
  const { content, count } = readOneSection(read, "FILE", file);
  const last = new Set(endings.map((ending) => ending.charCodeAt(ending.length - 1)));
  const paths: string[] = [];
  let end = count * RECORD_BYTES.FILE;
  for (let i = 0; i < count; i++) {
    // Byte by byte: thousands of records, and a call for each number takes twice as long.
    const at = i * RECORD_BYTES.FILE;
    const start = end;
    end += content[at + 4]! + content[at + 5]! * 256;
    if (end > content.length) throw outOfBounds(file, "a text lies outside FILE");
    const scheme = SCHEMES[content[at + 8]!];
    if (!last.has(content[end - 1]!) || (scheme !== "purelib" && scheme !== "platlib")) continue;
    const path = content.toString("utf8", start, end);
    if (endings.some((ending) => path.endsWith(ending)))
      paths.push(path.includes(".data/") ? placeInTree({ path, scheme }).treePath : path);
  }
  return paths;
}
