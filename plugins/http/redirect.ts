import { isLinkLocal } from "../../plugin-api/system/link-local.ts";

/** Why a redirect is not followed, or where it leads. */
export type Hop = { readonly url: string } | { readonly refusal: string };

/**
 * Where a redirect may lead: never to anything but HTTP, never from HTTPS to HTTP, never to a link-local address, which is
 * where clouds keep the credentials of a machine. User-info in the target is dropped.
 */
export function nextHop(from: string, location: string | undefined): Hop {
  if (location === undefined || location === "") return { refusal: "it redirects without saying where" };
  let url: URL;
  try {
    url = new URL(location, from);
  } catch {
    return { refusal: "it redirects to something that is no URL" };
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return { refusal: `it redirects to \`${url.protocol}\`` };
  if (url.protocol === "http:" && from.startsWith("https:")) return { refusal: "it redirects from HTTPS to HTTP" };
  if (isLinkLocal(url.hostname)) return { refusal: `it redirects to the link-local address ${url.hostname}` };
  url.username = "";
  url.password = "";
  url.hash = "";
  return { url: url.href };
}
