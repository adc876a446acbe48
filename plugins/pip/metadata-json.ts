import { readMessage } from "../../plugin-api/python/headers.ts";

/** Fields in the order of the JSON form; `true`: may be there several times. */
const FIELDS: readonly (readonly [field: string, isMultiple: boolean])[] = [
  ["Metadata-Version", false],
  ["Name", false],
  ["Version", false],
  ["Dynamic", true],
  ["Platform", true],
  ["Supported-Platform", true],
  ["Summary", false],
  ["Description", false],
  ["Description-Content-Type", false],
  ["Keywords", false],
  ["Home-page", false],
  ["Download-URL", false],
  ["Author", false],
  ["Author-email", false],
  ["Maintainer", false],
  ["Maintainer-email", false],
  ["License", false],
  ["License-Expression", false],
  ["License-File", true],
  ["Classifier", true],
  ["Requires-Dist", true],
  ["Requires-Python", false],
  ["Requires-External", true],
  ["Project-URL", true],
  ["Provides-Extra", true],
  ["Provides-Dist", true],
  ["Obsoletes-Dist", true],
];

/** Core metadata as JSON (PEP 566): what pip's reports hold of a distribution. */
export function metadataJson(text: string): Readonly<Record<string, unknown>> {
  const { headers, body } = readMessage(text);
  const result: Record<string, unknown> = {};
  for (const [field, isMultiple] of FIELDS) {
    const values = headers.get(field.toLowerCase());
    if (!values) continue;
    const key = field.toLowerCase().replaceAll("-", "_");
    result[key] = isMultiple ? values : key === "keywords" ? keywords(values[0] ?? "") : values[0];
  }
  return body === "" ? result : { ...result, description: body };
}

const keywords = (value: string): readonly string[] =>
  value.includes(",") ? value.split(",").map((word) => word.trim()) : value.split(/\s+/).filter(Boolean);
