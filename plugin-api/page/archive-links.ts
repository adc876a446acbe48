import type { DistributionFile } from "../model/distribution.ts";
import { isLinkLocal } from "../system/link-local.ts";
import type { HtmlPage } from "./html-links.ts";
import { digestToHold } from "./stated-digests.ts";

/** A link that no honest page has. The message completes "the page lists …". */
export class UnsafeLink extends Error {
  override readonly name = "UnsafeLink";
}

const SDIST = /(?:\.tar\.(?:gz|bz2|xz|lzma|Z)|\.zip|\.tgz|\.tbz|\.txz|\.tlz|\.tar)$/;

/** `wheel` or `sdist` by a file name's ending; undefined for anything else. */
export function archiveKind(filename: string): DistributionFile["kind"] | undefined {
  if (filename.endsWith(".whl")) return "wheel";
  return filename.endsWith(".tar.gz") || SDIST.test(filename) ? "sdist" : undefined;
}

/** True for a name that can't leave the folder it is put into: no separator, drive, control character, `.` or `..`. */
export function isPlainFilename(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  return name !== "" && name !== "." && name !== ".." && name.length <= 255 && !/[/\\:\0-\x1f\x7f]/.test(name);
}

/** From the page up, and down again by plain names: nearly all links of an index that gives no whole addresses. */
const PLAIN_WAY =
  /^(?:\.\.\/)+(?:[A-Za-z0-9_~!*+,;=:@-][A-Za-z0-9._~!*+,;=:@-]*\/)*[A-Za-z0-9_~!*+,;=:@-][A-Za-z0-9._~!*+,;=:@-]*$/;
/** What needs no normal form: the usual links of an index, and by far the most. */
const ORDINARY = /^https?:\/\/(?:[a-z][a-z0-9.-]*|127\.0\.0\.1)(?::\d+)?\/[A-Za-z0-9._~/!*+,;=:@%-]*$/;
const ORDINARY_PATH = /^\/(?!\/)[A-Za-z0-9._~/!*+,;=:@%-]*$/;
/** Up from the page, and down again: `../../files/a-1.0.tar.gz`. */
const ORDINARY_WAY = /^((?:\.\.\/)+)([A-Za-z0-9_~!*+,;=:@%-][A-Za-z0-9._~/!*+,;=:@%-]*)$/;
const isStraight = (path: string): boolean => !path.includes("/.") && !path.includes("%2e") && !path.includes("%2E");

/**
 * The absolute URL of a file that a page of `pageUrl` links to: HTTP from a page that came over HTTP, any kind from a page on
 * disk. User-info and fragment are cut off. Throws `UnsafeLink` for another scheme or a link-local address, where clouds
 * keep the credentials of a machine.
 */
export function fileUrl(href: string, pageUrl: string): string {
  // What went up as far as the link before it starts from the same folder.
  if (known.pageUrl === pageUrl && href.startsWith(known.way) && PLAIN_WAY.test(href)) {
    const down = href.slice(known.way.length);
    if (!down.startsWith(".")) return known.place + down;
  }
  if (isStraight(href) && ORDINARY.test(href)) return href;
  if (pageUrl.startsWith("http")) {
    if (isStraight(href) && ORDINARY_PATH.test(href)) return placeOf("/", pageUrl) + href.slice(1);
    const [, up = "", down = ""] = ORDINARY_WAY.exec(href) ?? [];
    if (up !== "" && isStraight(down)) return placeOf(up, pageUrl) + down;
  }
  if (!URL.canParse(href, pageUrl)) throw new UnsafeLink(`a link that is no URL: ${href.slice(0, 120)}`);
  const url = new URL(href, pageUrl);
  const isHttp = url.protocol === "https:" || url.protocol === "http:";
  if (!isHttp && !(url.protocol === "file:" && pageUrl.startsWith("file:")))
    throw new UnsafeLink(`a file of the scheme \`${url.protocol}\``);
  if (isLinkLocal(url.hostname)) throw new UnsafeLink(`a file at the link-local address ${url.hostname}`);
  url.username = "";
  url.password = "";
  url.hash = "";
  return url.href;
}

let known = { way: "", pageUrl: "", place: "" };
/** The folder that a page's links start from, judged as a link would be; all links of a page ask for the same. */
function placeOf(way: string, pageUrl: string): string {
  if (known.pageUrl !== pageUrl || known.way !== way)
    known = { way, pageUrl, place: fileUrl(new URL(way, pageUrl).href, pageUrl) };
  return known.place;
}

/**
 * The archives that an HTML page links to (PEP 503, 592, 658, 714), other links passed over. The file name is the last part
 * of the URL's path, decoded once. Throws `UnsafeLink` for a name or address that no honest page has.
 */
export function archivesOf(page: HtmlPage, pageUrl: string): DistributionFile[] {
  const base =
    page.base === undefined || !URL.canParse(page.base, pageUrl) ? pageUrl : new URL(page.base, pageUrl).href;
  const files: DistributionFile[] = [];
  for (const { href, attributes } of page.links) {
    const [address = "", ...fragments] = href.split("#");
    const filename = filenameOf(address);
    const kind = filename === undefined ? undefined : archiveKind(filename);
    if (filename === undefined || kind === undefined) continue;
    if (!isPlainFilename(filename)) throw new UnsafeLink(`a file named \`${printable(filename)}\``);
    const held = digestToHold(pairsIn(fragments.join("#"), "&"));
    const requiresPython = attributes.get("data-requires-python")?.trim();
    const yanked = attributes.get("data-yanked");
    const metadata = attributes.get("data-core-metadata") ?? attributes.get("data-dist-info-metadata");
    const { sha256: metadataSha256 } = digestToHold(pairsIn(metadata ?? "", ","));
    const uploadedAtMs = Date.parse(attributes.get("data-upload-time") ?? "");
    files.push({
      filename,
      kind,
      url: fileUrl(address, base),
      isYanked: yanked !== undefined,
      hasMetadataFile: metadata !== undefined && metadata !== "false",
      ...held,
      ...(requiresPython && { requiresPython }),
      ...(yanked && { yankedReason: yanked }),
      ...(metadataSha256 && { metadataSha256 }),
      ...(!Number.isNaN(uploadedAtMs) && { uploadedAtMs }),
    });
  }
  return files;
}

function filenameOf(address: string): string | undefined {
  const [path = ""] = address.split("?");
  const last = path.slice(path.lastIndexOf("/") + 1);
  if (!last.includes("%")) return last;
  try {
    return decodeURIComponent(last);
  } catch {
    return undefined;
  }
}

/** `name=value`, of several values of a name the first. */
function pairsIn(text: string, separator: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const part of text.split(separator)) {
    const at = part.indexOf("=");
    if (at > 0 && !pairs.has(part.slice(0, at))) pairs.set(part.slice(0, at), part.slice(at + 1));
  }
  return pairs;
}

/** A name for a message: cut, without control characters. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const printable = (name: string): string => name.slice(0, 120).replace(/[\0-\x1f\x7f]/g, "?");
