import { createHash } from "node:crypto";
import { coreMetadata, entryPoints, escapedName, modulesOf, type Release } from "./release.ts";
import { writeZip } from "./zip-writer.ts";

/** Default tag set of a wheel made from test data. */
export const ANY_TAG = "py3-none-any";

export interface Made {
  readonly filename: string;
  readonly bytes: Buffer;
}

/** A wheel (binary distribution format 1.0) of the release for one compressed tag set. */
export function makeWheel(release: Release, tags: string = ANY_TAG): Made {
  const stem = `${escapedName(release.name)}-${release.version}`;
  const info = `${stem}.dist-info`;
  const members: [path: string, text: string, mode?: number][] = [
    ...Object.entries(modulesOf(release)),
    ...Object.entries(release.data ?? {}).map(([path, text]): [string, string, number] => [
      `${stem}.data/${path}`,
      text,
      path.startsWith("scripts/") ? 0o100755 : 0o100644,
    ]),
    [`${info}/METADATA`, coreMetadata(release)],
    [`${info}/WHEEL`, wheelFile(tags)],
  ];
  const scripts = entryPoints(release);
  if (scripts !== undefined) members.push([`${info}/entry_points.txt`, scripts]);
  members.push([`${info}/RECORD`, record(members, `${info}/RECORD`)]);
  const filename = `${stem}${release.build === undefined ? "" : `-${release.build}`}-${tags}.whl`;
  const zipped = members.map(([path, text, mode]) => ({
    path,
    data: Buffer.from(text),
    ...(mode === undefined ? {} : { mode }),
  }));
  return { filename, bytes: writeZip(zipped) };
}

/** WHEEL lists every tag of a compressed set by itself. */
function wheelFile(tags: string): string {
  const [pythons, abis, platforms] = tags.split("-").map((part) => part.split(".")) as [string[], string[], string[]];
  const expanded = pythons.flatMap((python) => abis.flatMap((abi) => platforms.map((os) => `${python}-${abi}-${os}`)));
  const isPure = abis.every((abi) => abi === "none") && platforms.every((os) => os === "any");
  const head = `Wheel-Version: 1.0\nGenerator: test-harness\nRoot-Is-Purelib: ${isPure}\n`;
  return head + expanded.map((tag) => `Tag: ${tag}\n`).join("");
}

function record(members: readonly (readonly [path: string, text: string, mode?: number])[], own: string): string {
  const rows = members.map(([path, text]) => {
    const digest = createHash("sha256").update(text).digest("base64url");
    return `${quoted(path)},sha256=${digest},${Buffer.byteLength(text)}\n`;
  });
  return `${rows.join("")}${own},,\n`;
}

const quoted = (path: string): string => (/[",]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path);
