import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { DistributionFile, VersionPage } from "../../plugin-api/model/distribution.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { archiveKind, archivesOf, UnsafeLink } from "../../plugin-api/page/archive-links.ts";
import { encodeVersionPage } from "../../plugin-api/page/encode.ts";
import { readHtml } from "../../plugin-api/page/html-links.ts";
import { type Shelf, shelve } from "../../plugin-api/page/shelf.ts";
import { openVersionPage } from "../../plugin-api/page/view.ts";
import { refused, unexpectedStatus, unreachable, unreadable, unsafePage } from "./failure.ts";
import type { IndexState, RuledIndex } from "./state.ts";

/**
 * A package's page on an index of the format `flat`: one page or folder that has the archives of all packages, read once a
 * run. Throws `E_INDEX_INVALID`, `E_INDEX_UNSAFE`, `E_NETWORK`, `E_AUTH`.
 */
export async function readFlatPage(
  name: PackageName,
  index: RuledIndex,
  state: IndexState,
): Promise<VersionPage | undefined> {
  let shelf = state.flatIndexes.get(index.name);
  if (!shelf) state.flatIndexes.set(index.name, (shelf = readShelf(name, index, state)));
  const files = (await shelf).filesOf(name);
  if (files.length === 0) return undefined;
  return openVersionPage(
    encodeVersionPage({ name, index: index.name, status: "active", files }),
    undefined,
    index.rules,
  );
}

async function readShelf(name: PackageName, index: RuledIndex, state: IndexState): Promise<Pick<Shelf, "filesOf">> {
  const { url } = index;
  if (!url.startsWith("file:")) {
    const http = await state.http();
    const answer = await unreachable(index, () => http.get(url, { accept: "text/html" }));
    const { status } = answer;
    if (status === 401 || status === 403) throw refused(name, index, status);
    if (status !== 200) throw unexpectedStatus(index, status);
    return shelfOf(linksIn(Buffer.from(answer.body).toString("utf8"), answer.url, { name, index }));
  }
  const file = fileURLToPath(url);
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat) throw unreadable(index, file);
  if (stat.isDirectory()) return shelfOf(filesIn(file));
  return shelfOf(linksIn(fs.readFileSync(file, "utf8"), url, { name, index }));
}

const shelfOf = (files: readonly DistributionFile[]): Pick<Shelf, "filesOf"> =>
  shelve(
    files,
    ({ filename }) => filename,
    (file) => file,
  );

function linksIn(
  html: string,
  url: string,
  { name, index }: { name: PackageName; index: RuledIndex },
): DistributionFile[] {
  try {
    return archivesOf(readHtml(html), url);
  } catch (error) {
    if (error instanceof UnsafeLink) throw unsafePage(name, index, error.message);
    throw error;
  }
}

function filesIn(folder: string): DistributionFile[] {
  return fs.readdirSync(folder).flatMap((filename) => {
    const kind = archiveKind(filename);
    if (kind === undefined) return [];
    const url = pathToFileURL(path.join(folder, filename)).href;
    return [{ filename, kind, url, isYanked: false, hasMetadataFile: false }];
  });
}
