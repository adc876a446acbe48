import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { UnsafeLink } from "../../plugin-api/page/archive-links.ts";
import { encodeVersionPage } from "../../plugin-api/page/encode.ts";
import { type PageBody, readSimplePage } from "../../plugin-api/page/simple-api.ts";
import { NotAnIndexPage } from "../../plugin-api/page/simple-page.ts";

/** A page as it came, and whose it is. */
export interface PageOrder extends PageBody {
  readonly name: PackageName;
  /** Name of the index. */
  readonly index: string;
}

/** What is kept of a page, or what is wrong with it: the message completes "the index answered with …" or "the page lists …". */
export type PageRecord =
  | { readonly value: Uint8Array; readonly status: string }
  | { readonly fault: "no page" | "unsafe"; readonly message: string };

/** Makes a page's record. Pure. */
export function pageRecord({ name, index, ...body }: PageOrder): PageRecord {
  try {
    const page = readSimplePage(body);
    const files = page.status === "quarantined" ? [] : page.files;
    return { value: encodeVersionPage({ name, index, status: page.status, files }), status: page.status };
  } catch (error) {
    if (error instanceof NotAnIndexPage) return { fault: "no page", message: error.message };
    if (error instanceof UnsafeLink) return { fault: "unsafe", message: error.message };
    throw error;
  }
}
