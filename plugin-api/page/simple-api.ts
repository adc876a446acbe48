import { archivesOf } from "./archive-links.ts";
import { type HtmlPage, readHtml } from "./html-links.ts";
import { readSimpleJson } from "./simple-json.ts";
import { NotAnIndexPage, type SimplePage } from "./simple-page.ts";

/** Value of `Accept` that asks for JSON (PEP 691) and takes HTML (PEP 503). */
export const ACCEPT =
  "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";

/** A body as it came. */
export interface PageBody {
  /** Where it came from in the end; links are relative to it. */
  readonly url: string;
  /** Value of `Content-Type`; empty when the server does not say. */
  readonly contentType: string;
  readonly body: Uint8Array;
}

/**
 * Reads a project's page in the form it came in: JSON (PEP 691, versions 1.0 to 1.4 with what PEP 700, 714 and 792 add) or HTML (PEP
 * 503 with 592, 629, 658, 714). Pure. Throws `NotAnIndexPage`, and `UnsafeLink` for links no index has.
 */
export function readSimplePage(page: PageBody): SimplePage {
  const text = Buffer.from(page.body.buffer, page.body.byteOffset, page.body.byteLength).toString("utf8");
  return formOf(page.contentType, text) === "json" ? readSimpleJson(text, page.url) : readSimpleHtml(text, page.url);
}

/** By the type the server states; when that says nothing, by the first character. */
function formOf(contentType: string, text: string): "json" | "html" {
  const type = (contentType.split(";", 1)[0] as string).trim().toLowerCase();
  const versioned = /^application\/vnd\.pypi\.simple\.(?:v(\d+)|latest)\+(json|html)$/.exec(type);
  if (versioned?.[1] !== undefined && versioned[1] !== "1")
    throw new NotAnIndexPage(`version ${versioned[1]} of the index protocol, and only 1 is known`);
  if (versioned) return versioned[2] as "json" | "html";
  if (type === "application/json") return "json";
  if (type === "text/html" || type === "application/xhtml+xml") return "html";
  const start = /[^\s\ufeff]/.exec(text)?.[0];
  if (start === "{") return "json";
  if (start === "<") return "html";
  throw new NotAnIndexPage(type === "" ? "something without a type" : `\`${type}\``);
}

function readSimpleHtml(text: string, url: string): SimplePage {
  const page = readHtml(text);
  const version = page.meta.get("pypi:repository-version") ?? "1.0";
  if (!/^1(?:\.|$)/.test(version))
    throw new NotAnIndexPage(`version ${version} of the index protocol, and only 1 is known`);
  const files = archivesOf(page, url);
  if (files.length === 0 && !looksLikeIndex(page, text))
    throw new NotAnIndexPage("a page that lists no archives, such as one to sign in");
  const status = page.meta.get("pypi:project-status") ?? "active";
  const statusReason = page.meta.get("pypi:project-status-reason");
  return { files, status, ...(statusReason && { statusReason }) };
}

/** A project without any file has an empty page, but a page all the same. */
const looksLikeIndex = (page: HtmlPage, text: string): boolean =>
  page.meta.has("pypi:repository-version") ||
  /^(?:links for|simple index)\b/i.test(page.title) ||
  /<h1>links for/i.test(text);
