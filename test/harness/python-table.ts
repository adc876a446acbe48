// Adds a release of python-build-standalone to the table that the executable carries. Its SHA256SUMS come on standard input:
// `bun test/harness/python-table.ts 20261021 < SHA256SUMS`. A version that is there already is replaced by a newer build of it.
import fs from "node:fs";
import path from "node:path";
import { parseSha256 } from "../../plugin-api/model/digest.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import { folderName, type PythonArchive, readArchivePath } from "../../plugins/pythons/archive-name.ts";

const TABLE = path.resolve(import.meta.dirname, "../../plugins/pythons/table.txt");

/** Lines of a list of digests: `<sha256>  <file>`; files that are no archives to install are left out. */
export function readSums(text: string, folder = ""): readonly PythonArchive[] {
  return text.split("\n").flatMap((line) => {
    const [digest = "", file = ""] = line.trim().split(/\s+\*?/);
    const sha256 = parseSha256(digest);
    return (sha256 && readArchivePath(`${folder}${file}`, { sha256 })) || [];
  });
}

/** One archive for each version and platform: of the newest build, the stripped one, sorted by version and platform. */
export function mergeTables(...tables: readonly (readonly PythonArchive[])[]): readonly PythonArchive[] {
  const best = new Map<string, PythonArchive>();
  for (const archive of tables.flat()) {
    const before = best.get(folderName(archive));
    if (before === undefined || rankOf(archive) > rankOf(before)) best.set(folderName(archive), archive);
  }
  const keyed = [...best].map(([name, archive]) => ({ archive, key: `${versionKey(archive.version) ?? ""} ${name}` }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ archive }) => archive);
}

const rankOf = ({ build, path: file }: PythonArchive): string => `${build} ${file.includes("_stripped") ? 1 : 0}`;

if (import.meta.main) {
  const [build = ""] = process.argv.slice(2);
  if (!/^\d{8}$/.test(build))
    throw new Error("name the release: `bun test/harness/python-table.ts 20261021 < SHA256SUMS`");
  const added = readSums(fs.readFileSync(0, "utf8"), `${build}/`);
  const table = mergeTables(readSums(fs.readFileSync(TABLE, "utf8")), added);
  fs.writeFileSync(TABLE, table.map(({ sha256, path: file }) => `${sha256} ${file}\n`).join(""));
  fs.writeSync(1, `${added.length} archives of ${build}, ${table.length} in the table\n`);
}
