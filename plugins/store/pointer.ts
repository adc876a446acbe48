import fs from "node:fs";
import { type Blake3, parseBlake3 } from "../../plugin-api/model/digest.ts";

/** What leads from a wheel's digest to its entry: three lines. */
export interface Pointer {
  readonly id: Blake3;
  readonly filename: string;
  /** Text of the entry's layout: whoever looks for a wheel mostly links it, and one file is read faster than two. */
  readonly layout: string;
}

export const pointerText = ({ id, filename, layout }: Pointer): string => `${id}\n${filename}\n${layout}\n`;

/** Undefined when the text is not whole. */
export function parsePointer(text: string): Pointer | undefined {
  const [hash = "", filename = "", layout = "", end] = text.split("\n");
  const id = parseBlake3(hash);
  return id === undefined || filename === "" || layout === "" || end !== "" ? undefined : { id, filename, layout };
}

/** The pointer in a file; undefined when there is none, or none that is whole. Throws system errors. */
export function readPointer(file: string): Pointer | undefined {
  try {
    return parsePointer(fs.readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
