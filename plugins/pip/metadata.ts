import { metadataTable, parseMetadata } from "../../plugin-api/page/metadata-table.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { metadataText } from "./distributions.ts";
import "./present.ts";

/** Answers for what is installed. */
const readInstalled: Perform<"fetch.metadata"> = async ({ source }) => {
  if (source.kind !== "installed") return undefined;
  return metadataTable(parseMetadata(metadataText(source.path) ?? "", source.path));
};
export default readInstalled;
