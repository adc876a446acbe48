import type { Sha256 } from "../../plugin-api/model/digest.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";

/** A file of a mirror as its pages state it. */
export interface MirrorFile {
  readonly filename: string;
  readonly version: string;
  readonly sha256: Sha256;
  readonly sizeBytes: number;
  readonly requiresPython?: string;
  readonly isYanked: boolean;
  readonly yankedReason?: string;
  readonly uploadedAtMs?: number;
  /** Of the file `<filename>.metadata` (PEP 658). */
  readonly metadataSha256?: Sha256;
}

/** Where a project's page finds its files. */
const urlOf = (name: string, { filename }: MirrorFile): string => `../../files/${name}/${encodeURIComponent(filename)}`;

/** A project's page in JSON (PEP 691, version 1.1 of PEP 700). Files are in the order given. */
export function jsonPage(name: string, files: readonly MirrorFile[]): string {
  const versions = [...new Set(files.map(({ version }) => version))].sort(byVersion);
  return text({ meta: { "api-version": "1.1" }, name, versions, files: files.map((file) => jsonFile(name, file)) });
}

const byVersion = (a: string, b: string): number => ((versionKey(a) ?? "") < (versionKey(b) ?? "") ? -1 : 1);

function jsonFile(name: string, file: MirrorFile): Readonly<Record<string, unknown>> {
  const { filename, sha256, sizeBytes, requiresPython, isYanked, yankedReason, uploadedAtMs, metadataSha256 } = file;
  const metadata = metadataSha256 === undefined ? false : { sha256: metadataSha256 };
  return {
    filename,
    url: urlOf(name, file),
    hashes: { sha256 },
    size: sizeBytes,
    ...(requiresPython !== undefined && { "requires-python": requiresPython }),
    ...(uploadedAtMs !== undefined && { "upload-time": new Date(uploadedAtMs).toISOString() }),
    yanked: isYanked ? (yankedReason ?? true) : false,
    "core-metadata": metadata,
    "dist-info-metadata": metadata,
  };
}

/** The same in HTML (PEP 503, 592, 658, 714). */
export function htmlPage(name: string, files: readonly MirrorFile[]): string {
  const links = files.map((file) => {
    const { filename, sha256, requiresPython, isYanked, yankedReason, metadataSha256 } = file;
    const attributes = {
      href: `${urlOf(name, file)}#sha256=${sha256}`,
      ...(requiresPython !== undefined && { "data-requires-python": requiresPython }),
      ...(isYanked && { "data-yanked": yankedReason ?? "" }),
      ...(metadataSha256 !== undefined && {
        "data-core-metadata": `sha256=${metadataSha256}`,
        "data-dist-info-metadata": `sha256=${metadataSha256}`,
      }),
    };
    const written = Object.entries(attributes).map(([key, value]) => `${key}="${escaped(value)}"`);
    return `<a ${written.join(" ")}>${escaped(filename)}</a><br>`;
  });
  return document(`Links for ${name}`, links);
}

/** The list of projects, in JSON. */
export const jsonIndex = (names: readonly string[]): string =>
  text({ meta: { "api-version": "1.1" }, projects: names.map((name) => ({ name })) });

/** The list of projects, in HTML. */
export const htmlIndex = (names: readonly string[]): string =>
  document(
    "Simple index",
    names.map((name) => `<a href="${name}/">${name}</a><br>`),
  );

const document = (title: string, lines: readonly string[]): string =>
  `<!DOCTYPE html>
<html>
<head><meta charset="utf-8"><meta name="pypi:repository-version" content="1.1"><title>${escaped(title)}</title></head>
<body>
${lines.join("\n")}
</body>
</html>
`;

const text = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (value: string): string => value.replace(/[&<>"]/g, (mark) => ENTITIES[mark] as string);
