import fs from "node:fs";
import { hashOf } from "../../plugin-api/launch/native.ts";
import { type Blake3, parseBlake3 } from "../../plugin-api/model/digest.ts";

/** What leads from a wheel's digest to its entry: three lines, and one that tells whether these are whole. */
export interface Pointer {
  readonly id: Blake3;
  readonly filename: string;
  /** Text of the entry's layout: whoever looks for a wheel mostly links it, and one file is read faster than two. */
  readonly layout: string;
}

export function pointerText({ id, filename, layout }: Pointer): string {
  const text = `${id}\n${filename}\n${layout}\n`;
  return `${text}${hashOf(text)}\n`;
}

/** Undefined when the text is not whole. */
export function parsePointer(text: string): Pointer | undefined {
  const [hash = "", filename = "", layout = ""] = text.split("\n", 3);
  const id = parseBlake3(hash);
  if (id === undefined || filename === "" || layout === "") return undefined;
  const pointer = { id, filename, layout };
  return pointerText(pointer) === text ? pointer : undefined;
}

/** The entry that a pointer names, also when the rest of it is not whole: what it led to has to be found to be put right. */
export const pointedId = (text: string): Blake3 | undefined => parseBlake3(text.split("\n", 1)[0] ?? "");

/** The pointer in a file; undefined when there is none, or none that is whole. Throws system errors. */
export function readPointer(file: string): Pointer | undefined {
  try {
    return parsePointer(fs.readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
