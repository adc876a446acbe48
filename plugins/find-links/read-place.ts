import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { warning } from "../../plugin-api/diagnostic.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { DistributionFile } from "../../plugin-api/model/distribution.ts";
import type { Origin } from "../../plugin-api/option.ts";
import { archiveKind, archivesOf, UnsafeLink } from "../../plugin-api/page/archive-links.ts";
import { readHtml } from "../../plugin-api/page/html-links.ts";
import { type Shelf, shelve } from "../../plugin-api/page/shelf.ts";
import { Http } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { Place } from "./places.ts";

/**
 * Reads a folder, a page on disk or on a server, or an archive named by itself. Throws `E_FIND_LINKS`, `E_AUTH`, and what
 * `Http` throws; a folder that is not there is passed over with a warning where pip's settings name it, as pip does.
 */
export async function readPlace(place: Place, session: Pick<Session, "use" | "emit">): Promise<Shelf> {
  const { where } = place;
  if (!("path" in where)) return readRemote(place, where.url, () => session.use(Http));
  if (fs.existsSync(where.path) || !isPips(place.origin)) return readLocal(place, where.path);
  const message = `no folder or page \`${place.label}\`, named by ${place.origin.name}: it is passed over`;
  session.emit({ type: "Diagnostic", diagnostic: warning("W_FIND_LINKS", message) });
  return { ...shelfOf([]), identity: "none" };
}

const isPips = ({ name }: Origin): boolean => name.startsWith("PIP_") || /(?:^|[/\\])pip\.(?:conf|ini)$/.test(name);

function readLocal(place: Place, file: string): Shelf {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw fault(place, `no folder or page \`${place.label}\``);
  if (stat.isDirectory()) {
    const names = fs.readdirSync(file);
    const shelf = shelve(
      names,
      (name) => name,
      (name) => localFile(path.join(file, name)),
    );
    return { ...shelf, identity: ["folder", ...names.sort()].join("/") };
  }
  if (archiveKind(file) !== undefined) return { ...shelfOf([localFile(file)]), identity: "archive" };
  if (/\.html?$/i.test(file)) {
    const html = fs.readFileSync(file, "utf8");
    return { ...readPage(place, { html, url: pathToFileURL(file).href }), identity: `page ${html}` };
  }
  throw fault(place, `\`${place.label}\` is neither a folder nor a page nor an archive`);
}

async function readRemote(place: Place, url: string, http: () => Promise<Http>): Promise<Shelf> {
  const alone = linksOf(place, () =>
    archivesOf({ ...readHtml(""), links: [{ href: url, attributes: new Map() }] }, url),
  );
  if (alone.length > 0) return shelfOf(alone);
  const answer = await (await http()).get(url, { accept: "text/html" });
  const { status } = answer;
  if (status === 401 || status === 403)
    throw new PybunError("E_AUTH", `\`${place.label}\` refused the credentials or wants some (${status})`, {
      context: { url, status },
    });
  if (status !== 200) throw fault(place, `\`${place.label}\` can't be read: the server answered ${status}`);
  return readPage(place, { html: Buffer.from(answer.body).toString("utf8"), url: answer.url });
}

const readPage = (place: Place, page: { readonly html: string; readonly url: string }) =>
  shelfOf(linksOf(place, () => archivesOf(readHtml(page.html), page.url)));

const shelfOf = (files: readonly DistributionFile[]): Shelf => ({
  identity: undefined,
  ...shelve(
    files,
    ({ filename }) => filename,
    (file) => file,
  ),
});

function linksOf(place: Place, read: () => readonly DistributionFile[]): readonly DistributionFile[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnsafeLink)) throw error;
    throw fault(place, `\`${place.label}\` lists ${error.message}`);
  }
}

/** What a folder can't say of a file is read from the file itself, should it be chosen. */
const localFile = (file: string): DistributionFile => ({
  filename: path.basename(file),
  kind: archiveKind(file) as DistributionFile["kind"],
  url: pathToFileURL(file).href,
  isYanked: false,
  hasMetadataFile: false,
});

function fault({ label, origin }: Place, message: string): PybunError {
  const isTyped = origin.kind === "argv";
  const line = origin.line === undefined ? "" : `:${origin.line}`;
  return new PybunError("E_FIND_LINKS", message, {
    evidence: [`named by ${origin.name}${line}`],
    context: { place: label, origin: origin.name },
    ...(isTyped ? {} : { hints: ["see which setting names it: `pybun config list --show-origin`"] }),
    ...(origin.kind === "file" ? { file: origin.name } : {}),
  });
}
