import { createHash } from "node:crypto";
import { coreMetadata, normalizedName, type Release, sha256 } from "./release.ts";
import { makeSdist } from "./sdist.ts";
import { ANY_TAG, type Made, makeWheel } from "./wheel.ts";

/** One file of the index: its bytes, its metadata file, and the release it belongs to. */
export interface IndexFile extends Made {
  readonly release: Release;
  readonly sha256: string;
  /** Text of `<url>.metadata`, where the index has it. */
  readonly metadata: string | undefined;
  readonly announcesMetadata: boolean;
}

/** The wheels and the sdist of a release, as files an index serves. */
export function filesOf(release: Release): IndexFile[] {
  const made = (release.tags ?? [ANY_TAG]).map((tags) => makeWheel(release, tags));
  if (release.sdist) made.push(makeSdist(release));
  const stated = release["metadata-requires"] ?? release.requires;
  return made.map((file) => {
    const mode = file.filename.endsWith(".whl") ? (release.metadata ?? "advertised") : "none";
    return {
      ...file,
      release,
      sha256: sha256(file.bytes),
      metadata:
        mode === "advertised" || mode === "hidden"
          ? coreMetadata({ ...release, ...(stated && { requires: stated }) })
          : undefined,
      announcesMetadata: mode === "advertised" || mode === "missing",
    };
  });
}

/** How a page is written; the two forms say the same. */
export interface PageStyle {
  readonly form: "json" | "html";
  /** Address of a file as the page states it. */
  readonly urlOf: (file: IndexFile) => string;
}

export const JSON_TYPE = "application/vnd.pypi.simple.v1+json";
export const HTML_TYPE = "text/html; charset=utf-8";

/** The page of one project: PEP 691 JSON (API version 1.1) or PEP 503 HTML. */
export const projectPage = (name: string, files: readonly IndexFile[], style: PageStyle): string =>
  style.form === "json" ? jsonPage(name, files, style) : htmlPage(name, files, style);

function jsonPage(name: string, files: readonly IndexFile[], { urlOf }: PageStyle): string {
  const status = files.at(-1)?.release["project-status"];
  return JSON.stringify({
    meta: { "api-version": "1.1" },
    ...(status !== undefined && { "project-status": { status } }),
    name: normalizedName(name),
    versions: [...new Set(files.map((file) => file.release.version))],
    files: files.map((file) => ({
      filename: file.filename,
      url: urlOf(file),
      hashes: digestsOf(file),
      size: file.bytes.length,
      "upload-time": file.release.uploaded ?? "2024-01-01T00:00:00.000000Z",
      yanked: file.release.yanked ?? false,
      ...(file.release["requires-python"] === undefined ? {} : { "requires-python": file.release["requires-python"] }),
      "core-metadata": metadataHash(file) ?? false,
    })),
  });
}

/** `md5` in Python's `hashlib` and here, `blake2b` there alone. */
const nativeName = (algorithm: string, hex: string): string => {
  if (algorithm !== "blake2b") return algorithm.replace("_", "-");
  return hex.endsWith("256 bits") ? "blake2b256" : "blake2b512";
};

function digestsOf({ release, sha256: own, bytes }: IndexFile): Readonly<Record<string, string>> {
  if (release.digests === undefined) return { sha256: own };
  const stated = Object.entries(release.digests).map(([algorithm, hex]) => [
    algorithm,
    hex.startsWith("its own") ? createHash(nativeName(algorithm, hex)).update(bytes).digest("hex") : hex,
  ]);
  return Object.fromEntries(stated);
}

const metadataHash = (file: IndexFile): { readonly sha256: string } | true | undefined => {
  if (!file.announcesMetadata) return undefined;
  return file.metadata === undefined ? true : { sha256: sha256(file.metadata) };
};

function htmlPage(name: string, files: readonly IndexFile[], { urlOf }: PageStyle): string {
  const links = files.map((file) => {
    const digests = Object.entries(digestsOf(file)).map(([algorithm, hex]) => `${algorithm}=${hex}`);
    const attributes = [`href="${escapeHtml(urlOf(file))}#${digests.join("&")}"`];
    const { yanked, "requires-python": python } = file.release;
    if (python !== undefined) attributes.push(`data-requires-python="${escapeHtml(python)}"`);
    if (yanked) attributes.push(`data-yanked="${yanked === true ? "" : escapeHtml(yanked)}"`);
    const hash = metadataHash(file);
    if (hash !== undefined) attributes.push(`data-core-metadata="${hash === true ? "true" : `sha256=${hash.sha256}`}"`);
    return `<a ${attributes.join(" ")}>${escapeHtml(file.filename)}</a><br>`;
  });
  const head = `<meta name="pypi:repository-version" content="1.1"><title>Links for ${escapeHtml(name)}</title>`;
  return `<!DOCTYPE html>\n<html><head>${head}</head><body>\n${links.join("\n")}\n</body></html>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (char) => ENTITIES[char] as string);

/** The form an `Accept` header prefers; `form` forces one. */
export function chooseForm(accept: string | undefined, form: "json" | "html" | "both"): "json" | "html" {
  if (form !== "both") return form;
  const weights = (accept ?? "").split(",").map((part) => {
    const [type = "", ...parameters] = part.split(";").map((piece) => piece.trim());
    const q = parameters.find((parameter) => parameter.startsWith("q="));
    return { type, weight: q === undefined ? 1 : Number(q.slice(2)) };
  });
  const best = (matches: (type: string) => boolean): number =>
    Math.max(0, ...weights.filter(({ type }) => matches(type)).map(({ weight }) => weight));
  const json = best((type) => type === JSON_TYPE || type.endsWith("simple.latest+json"));
  const html = best((type) => type === "text/html" || type.endsWith("+html"));
  return json > 0 && json >= html ? "json" : "html";
}
