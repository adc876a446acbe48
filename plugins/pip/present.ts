import { pathToFileURL } from "node:url";
import type { VersionPage } from "../../plugin-api/model/distribution.ts";
import { pageOfRelease } from "../../plugin-api/page/one-release.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import type { Distribution } from "./distributions.ts";

declare module "../../plugin-api/model/distribution.ts" {
  interface SourceKinds {
    /** Installed already; absolute path of its metadata folder. */
    readonly installed: { readonly path: string };
  }
}

/** What is installed as releases that a resolution may choose; what has no valid version is none. */
export const presentPages = (distributions: readonly Distribution[]): readonly VersionPage[] =>
  distributions.flatMap(({ name, version, infoPath }) => {
    if (versionKey(version) === undefined) return [];
    const filename = `${name.replaceAll("-", "_")}-${version.replaceAll("-", "_")}-py3-none-any.whl`;
    const url = pathToFileURL(infoPath).href;
    const file = { filename, kind: "wheel", url, isYanked: false, hasMetadataFile: false } as const;
    return pageOfRelease({ name, version, file, source: { kind: "installed", path: infoPath } });
  });
