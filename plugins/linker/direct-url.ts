import fs from "node:fs";
import { pathToFileURL } from "node:url";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { type DirectUrl, formatDirectUrl } from "../../plugin-api/python/direct-url.ts";

/** The text of `direct_url.json` (PEP 610) for a pin that comes from no index. */
export function directUrlOf(pin: Pin, wheelSha256: Sha256): string | undefined {
  const origin = originOf(pin, wheelSha256);
  return origin && formatDirectUrl(origin);
}

/** The hash is that of the archive as it was named: that of a wheel built from it says nothing. */
function originOf({ source, file }: Pin, wheelSha256: Sha256): DirectUrl | undefined {
  if (source.kind === "index") return undefined;
  if (source.kind === "path" && fs.statSync(source.path, { throwIfNoEntry: false })?.isDirectory())
    return {
      url: pathToFileURL(source.path).href,
      origin: { kind: "directory", isEditable: source.isEditable === true },
    };
  if (source.kind === "git") {
    const { url, commit, reference, subdirectory } = source;
    const asked = reference === undefined ? {} : { requestedRevision: reference };
    const origin = { kind: "vcs", vcs: "git", commitId: commit, ...asked } as const;
    return { url, origin, ...(subdirectory !== undefined && { subdirectory }) };
  }
  const sha256 = file.sha256 ?? (file.kind === "wheel" ? wheelSha256 : undefined);
  const origin = { kind: "archive", hashes: sha256 === undefined ? {} : { sha256 } } as const;
  if (source.kind === "path") return { url: pathToFileURL(source.path).href, origin };
  if (source.kind !== "url") return undefined;
  const { url, subdirectory } = source;
  return { url, origin, ...(subdirectory !== undefined && { subdirectory }) };
}
