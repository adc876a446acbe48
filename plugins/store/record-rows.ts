import fs from "node:fs";
import path from "node:path";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import type { StoreLayout } from "../../plugin-api/model/store-layout.ts";
import { ROWS, TREE } from "./places.ts";

/** Ranges of a RECORD's text, in characters and in order, that are left out. */
export type RecordCuts = readonly (readonly [from: number, to: number])[];

/** A layout as the store keeps it. */
export interface StoredLayout extends StoreLayout {
  /**
   * What has to be left out of the wheel's own RECORD so that the lines of `Store.recordRows` remain. Absent where a line has to
   * be written otherwise: then the entry has a file with those lines.
   */
  readonly recordCuts?: RecordCuts;
}

/** See `Store.recordRows`. */
export function recordRows({ path: entry }: Pick<StoreEntry, "path">, layout: StoredLayout): string {
  const { recordCuts, infoDir } = layout;
  if (recordCuts === undefined) return fs.readFileSync(path.join(entry, ROWS), "utf8");
  return withoutCuts(fs.readFileSync(path.join(entry, TREE, infoDir, "RECORD"), "utf8"), recordCuts);
}

/** Of the text that remains when lines end in a line feed alone. */
export function withoutCuts(record: string, cuts: RecordCuts): string {
  const text = withLineFeeds(record);
  let [rows, from] = ["", 0];
  for (const [start, end] of cuts) {
    rows += text.slice(from, start);
    from = end;
  }
  return rows + text.slice(from);
}

/** RECORD as it is cut. */
export const withLineFeeds = (text: string): string =>
  text[text.indexOf("\n") - 1] === "\r" ? text.replaceAll("\r\n", "\n") : text;
