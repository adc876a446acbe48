import fs from "node:fs";
import path from "node:path";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { EnvironmentStamp } from "../../plugin-api/model/environment.ts";
import { Environments } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { readEnvironmentStamp, STAMP_FILE, stampText } from "../../plugin-api/system/environment-stamp.ts";

/**
 * Notes in an environment which lock it was made equal to (SPEC ENV-09), or, without one, that it is equal to none:
 * when only parts of the project count. One without a stamp is another tool's, and one that was changed by others needs a new stamp: both stay as they are.
 */
export async function stampLock(root: string, lockSha256: Sha256 | undefined, session: Session): Promise<void> {
  const isSaid = (stamp: EnvironmentStamp | undefined): boolean => !stamp || stamp.lockSha256 === lockSha256;
  if (isSaid(readEnvironmentStamp(root))) return;
  const environments = await session.use(Environments);
  const { sitePackages } = await environments.read(root);
  await environments.alone(root, () => {
    const stamp = readEnvironmentStamp(root);
    if (stamp === undefined || isSaid(stamp) || fs.statSync(sitePackages).mtimeMs !== stamp.siteMtimeMs) return;
    const { lockSha256: _before, ...facts } = stamp;
    const now = { ...facts, ...(lockSha256 !== undefined && { lockSha256 }) };
    writeAtomically(path.join(root, STAMP_FILE), stampText(now));
  });
}
