import { fileURLToPath } from "node:url";
import type { DistributionFile, Source } from "../../plugin-api/model/distribution.ts";
import type { Reference } from "./reference.ts";

/** The reference that a pin was made from, or one of a lock: the file's SHA-256 is then to be that of the pin. */
export function referenceOf(
  name: string,
  { url, filename, sha256 }: DistributionFile,
  source: Extract<Source, { readonly kind: "url" | "path" }>,
): Reference {
  const { subdirectory } = source;
  const isEditable = source.kind === "path" && source.isEditable === true;
  return {
    text: `${name} @ ${url}`,
    url,
    filename,
    ...(url.startsWith("file:") && { path: fileURLToPath(url) }),
    ...(subdirectory !== undefined && { subdirectory }),
    ...(isEditable && { isEditable }),
    ...(sha256 && { digest: { algorithm: "sha256", hex: sha256 } }),
  };
}
