/** An anchor of an HTML page: attributes by lower-case name, entities decoded once. */
export interface HtmlLink {
  /** As written, not yet resolved. */
  readonly href: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** What an index page (PEP 503) or a page of archives says in HTML. */
export interface HtmlPage {
  readonly links: readonly HtmlLink[];
  /** `href` of the first `<base>`: what links are relative to, itself relative to the page. */
  readonly base: string | undefined;
  /** `content` of `<meta>` by its lower-case `name`. */
  readonly meta: ReadonlyMap<string, string>;
  /** Text of the first `<title>`, undecoded. */
  readonly title: string;
}

/** Elements whose content is text, whatever it looks like. */
const RAW = new Set(["script", "style", "textarea", "title", "noscript"]);
const TAG_NAME = /[a-zA-Z][^\s/>]*/y;
const BETWEEN = /[\s/]*/y;
const ATTRIBUTE_NAME = /=?[^\s/>=]+|=/y;
const EQUALS = /\s*=\s*/y;
const BARE_VALUE = /[^\s>]*/y;

/**
 * Reads the anchors of an HTML page, as far as index pages need it: tag and attribute names in any case, quoted and bare
 * values, comments and scripts passed over, entities decoded once. Never throws, what is no HTML has no links; takes time in
 * proportion to the page's length, whatever stands in it.
 */
export function readHtml(html: string): HtmlPage {
  const links: HtmlLink[] = [];
  const meta = new Map<string, string>();
  let base: string | undefined;
  let title = "";
  for (let at = html.indexOf("<"); at >= 0; at = html.indexOf("<", at)) {
    if (html.startsWith("<!--", at)) {
      at = behind(html, "-->", at + 4);
      continue;
    }
    const name = take(TAG_NAME, html, ++at).toLowerCase();
    if (name === "") continue;
    const tag = readTag(html, at + name.length);
    at = tag.end;
    if (RAW.has(name)) {
      const end = endOfRaw(html, name, at);
      if (name === "title" && title === "") title = html.slice(at, end).trim();
      at = end;
    } else if (name === "meta") {
      meta.set((tag.attributes.get("name") ?? "").toLowerCase(), tag.attributes.get("content") ?? "");
    } else if (name === "a" || name === "base") {
      const href = tag.attributes.get("href")?.trim();
      if (href === undefined) continue;
      if (name === "base") base ??= href;
      else links.push({ href, attributes: tag.attributes });
    }
  }
  return { links, base, meta, title };
}

/** The attributes from behind a tag's name on, and where the tag ends. A tag that never ends has none. */
function readTag(html: string, from: number): { readonly attributes: Map<string, string>; readonly end: number } {
  const attributes = new Map<string, string>();
  for (let at = from; ; ) {
    at += take(BETWEEN, html, at).length;
    if (html[at] === ">") return { attributes, end: at + 1 };
    const name = take(ATTRIBUTE_NAME, html, at);
    if (name === "") return { attributes: new Map(), end: html.length };
    at += name.length;
    const equals = take(EQUALS, html, at);
    let value = "";
    if (equals !== "") {
      at += equals.length;
      const quote = html[at];
      if (quote === '"' || quote === "'") {
        const end = html.indexOf(quote, at + 1);
        if (end < 0) return { attributes: new Map(), end: html.length };
        value = html.slice(at + 1, end);
        at = end + 1;
      } else {
        value = take(BARE_VALUE, html, at);
        at += value.length;
      }
    }
    // The first of two equal names counts, as browsers have it.
    const key = name.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, decodeEntities(value));
  }
}

/** What a sticky pattern matches at a place; empty when it does not. */
function take(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

function behind(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  return at < 0 ? text.length : at + end.length;
}

function endOfRaw(html: string, tag: string, from: number): number {
  const close = new RegExp(`</${tag}[\\s/>]`, "gi");
  close.lastIndex = from;
  return close.exec(html)?.index ?? html.length;
}

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** Character references of HTML, those that escape markup and all numeric ones, decoded exactly once. */
export function decodeEntities(text: string): string {
  return text.includes("&") ? text.replace(/&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]+);/g, decodeReference) : text;
}

function decodeReference(reference: string): string {
  const body = reference.slice(1, -1);
  if (!body.startsWith("#")) return NAMED[body] ?? reference;
  const code = /^#[xX]/.test(body) ? Number.parseInt(body.slice(2), 16) : Number(body.slice(1));
  return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : "\ufffd";
}
