import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { DistributionFile, VersionPage } from "../../plugin-api/model/distribution.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { archiveKind, UnsafeLink } from "../../plugin-api/page/archive-links.ts";
import { encodeVersionPage } from "../../plugin-api/page/encode.ts";
import { type PageBody, readSimplePage } from "../../plugin-api/page/simple-api.ts";
import { NotAnIndexPage, type SimplePage } from "../../plugin-api/page/simple-page.ts";
import { openVersionPage } from "../../plugin-api/page/view.ts";
import { noIndexPage, unsafePage } from "./failure.ts";
import type { Index } from "./index-list.ts";
import type { IndexState, RuledIndex } from "./state.ts";

/** Page files as mirrors write them, best first, with the type a server would state. */
const PAGES = [
  ["index.v1_json", "application/vnd.pypi.simple.v1+json"],
  ["index.json", "application/vnd.pypi.simple.v1+json"],
  ["index.v1_html", "text/html"],
  ["index.html", "text/html"],
] as const;

/** A package's page on an index that is a folder: `<name>/index.html` or its JSON form, or simply archives in `<name>/`. */
export async function readFolderPage(
  name: PackageName,
  index: RuledIndex,
  state: IndexState,
): Promise<VersionPage | undefined> {
  const folder = path.join(fileURLToPath(index.url), name);
  const body = pageIn(folder);
  if (index.publicKey !== undefined) {
    const { checkSigned } = await import("./signed-index.ts");
    await checkSigned({ name, index, body: body?.body }, state);
  }
  if (!fs.existsSync(folder)) return undefined;
  const { files, status } = (body && readPage(body, name, index)) ?? { files: archivesIn(folder), status: "active" };
  const usable = status === "quarantined" ? [] : files;
  return openVersionPage(encodeVersionPage({ name, index: index.name, status, files: usable }), undefined, index.rules);
}

function pageIn(folder: string): PageBody | undefined {
  const found = PAGES.find(([file]) => fs.existsSync(path.join(folder, file)));
  if (!found) return undefined;
  const [file, contentType] = found;
  return {
    url: pathToFileURL(path.join(folder, "/")).href,
    contentType,
    body: fs.readFileSync(path.join(folder, file)),
  };
}

function readPage(body: PageBody, name: PackageName, index: Index): SimplePage {
  try {
    return readSimplePage(body);
  } catch (error) {
    if (error instanceof NotAnIndexPage) throw noIndexPage(name, index, error.message);
    if (error instanceof UnsafeLink) throw unsafePage(name, index, error.message);
    throw error;
  }
}

function archivesIn(folder: string): DistributionFile[] {
  return fs.readdirSync(folder).flatMap((filename) => {
    const kind = archiveKind(filename);
    if (kind === undefined) return [];
    const file = path.join(folder, filename);
    const url = pathToFileURL(file).href;
    const hasMetadataFile = fs.existsSync(`${file}.metadata`);
    return [{ filename, kind, url, isYanked: false, hasMetadataFile, sizeBytes: fs.statSync(file).size }];
  });
}
