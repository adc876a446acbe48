import { parseSha256 } from "../../plugin-api/model/digest.ts";
import { type PythonArchive, readArchivePath } from "./archive-name.ts";
import text from "./table.txt" with { type: "text" };

/** Where python-build-standalone publishes the archives of the table that the executable carries. */
export const PUBLISHED_AT = "https://github.com/astral-sh/python-build-standalone/releases/download";

let archives: readonly PythonArchive[] | undefined;

/** The table that the executable carries, for all platforms; what vouches for its digests is what vouches for the executable. */
export function embeddedTable(): readonly PythonArchive[] {
  archives ??= text.split("\n").flatMap((line) => {
    const [digest = "", path = ""] = line.split(" ");
    const sha256 = parseSha256(digest);
    return (sha256 && readArchivePath(path, { sha256 })) || [];
  });
  return archives;
}
