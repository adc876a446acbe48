import { outOfBounds } from "./fault.ts";
import { type DppImage, dataAt, textAt } from "./image.ts";
import { aligned, RECORD_BYTES, type SectionId } from "./layout.ts";

/** Reads the texts and data of a table in the order of its records. */
export interface TableCursor {
  /** The text whose offset stands at `field` of the section, its length behind that in two bytes or four. */
  text(field: number, lengthBytes: 2 | 4): string;
  data(field: number): Buffer;
  /** After the last record: nothing is left over. */
  end(): void;
}

/**
 * Every text and every piece of data must follow the one before. Were they allowed to overlap, a small file could hold
 * gigabytes; were there gaps, it could hold what nobody sees. Throws `E_FORMAT_BOUNDS`.
 */
export function tableCursor(image: DppImage, id: Exclude<SectionId, "META">): TableCursor {
  const { content, count } = image.sections[id];
  let textEnd = RECORD_BYTES[id] * count;
  let dataStart: number | undefined;
  let dataEnd = 0;
  const refuse = (): Error => outOfBounds(image.file, `the parts of ${id} do not follow each other`);
  return {
    text(field, lengthBytes) {
      const [at, length] = [content.readUInt32LE(field), content.readUIntLE(field + 4, lengthBytes)];
      if (at !== textEnd) throw refuse();
      textEnd += length;
      return textAt(image, id, [at, length]);
    },
    data(field) {
      const data = dataAt(image, id, field);
      const at = Number(content.readBigUInt64LE(field));
      dataStart ??= dataEnd = at;
      if (at !== dataEnd) throw refuse();
      dataEnd += data.length;
      return data;
    },
    end() {
      const isWhole = dataStart === undefined ? textEnd === content.length : dataEnd === content.length;
      if (!isWhole || (dataStart !== undefined && dataStart !== aligned(textEnd))) throw refuse();
    },
  };
}

/** Reads all records of a table; `read` gets the offset of each in the section. */
export function readTable<T>(
  image: DppImage,
  id: Exclude<SectionId, "META">,
  read: (at: number, cursor: TableCursor) => T,
): T[] {
  const cursor = tableCursor(image, id);
  const rows = Array.from({ length: image.sections[id].count }, (_, i) => read(RECORD_BYTES[id] * i, cursor));
  cursor.end();
  return rows;
}

/** One of a list's values by its number in the file. Throws `E_FORMAT_BOUNDS`. */
export function choice<T>(image: DppImage, list: readonly T[], number: number): T {
  const found = list[number];
  if (found === undefined) throw outOfBounds(image.file, `it holds the unknown value ${number}`);
  return found;
}
