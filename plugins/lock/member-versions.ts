import path from "node:path";
import { pathToFileURL } from "node:url";
import { pageOfRelease } from "../../plugin-api/page/one-release.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { memberFolder } from "./lower.ts";
import { metadataOfMember } from "./member-metadata.ts";
import { LockState } from "./state.ts";

/** The one candidate for a requirement that leads to a member of the workspace. */
const versions: Perform<"fetch.versions"> = async ({ name, requirement, interpreter }, session) => {
  if (requirement?.url === undefined) return undefined;
  const folder = memberFolder(requirement.url);
  const found = (await session.use(LockState)).member(folder);
  if (found?.member.name !== name) return undefined;
  const { version } = await metadataOfMember(found, interpreter, session);
  const { isPackage, requiresPython } = found.member;
  const file = {
    filename: path.basename(folder),
    kind: "sdist",
    url: pathToFileURL(folder).href,
    isYanked: false,
    hasMetadataFile: false,
    ...(requiresPython !== "" && { requiresPython }),
  } as const;
  return [pageOfRelease({ name, version, file, source: { kind: "member", path: folder, isVirtual: !isPackage } })];
};
export default versions;
