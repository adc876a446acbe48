import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { type EntryCheck, type KeptEntry, StoreUpkeep } from "../../plugin-api/store-upkeep.ts";
import { knownEnvironments } from "../../plugin-api/system/known-environments.ts";
import { detach } from "./detach.ts";
import type { Finding } from "./finding.ts";

export interface StoreCheck {
  readonly entries: number;
  readonly files: number;
  readonly bytes: number;
  readonly findings: readonly Finding[];
}

/**
 * Reads all entries, one after the other. What is damaged goes when all have been read, together with the links to it, so that
 * an environment never has half of a package: it lacks it, and the next sync brings it back.
 */
export async function checkStore(session: Session): Promise<StoreCheck> {
  const [upkeep, { dataDir }] = await Promise.all([session.use(StoreUpkeep), session.use(Host)]);
  const sum = { entries: 0, files: 0, bytes: 0 };
  const findings: Finding[] = [];
  const damaged: KeptEntry[] = [];
  const distrusted = new Set<number>();
  for (const entry of upkeep.entries()) {
    const check = await upkeep.check(entry, session.signal);
    // Those of other versions of PyBun are theirs to judge.
    if (check.files === 0 && check.faults.length === 0) continue;
    sum.entries++;
    sum.files += check.files;
    sum.bytes += check.bytes;
    if (check.faults.length === 0) continue;
    const isWhole = check.faults.every(({ isBytecode }) => isBytecode);
    if (isWhole) upkeep.forgetBytecode(entry, check.faults);
    else damaged.push(entry);
    for (const inode of check.wrongFiles) distrusted.add(inode);
    findings.push(...findingsOf(entry, check, isWhole));
  }
  if (damaged.length > 0) {
    const ids = new Set<string>(damaged.map(({ id }) => id));
    const holders = knownEnvironments(dataDir).map((root) => ({ root, held: upkeep.held(root) }));
    await upkeep.remove(() => damaged, "damaged");
    await upkeep.sweep({ isDryRun: false, distrusted });
    for (const { root, held } of holders) await detach(root, held, { ids, session });
  }
  return { ...sum, findings };
}

const findingsOf = ({ label }: KeptEntry, { faults }: EntryCheck, isWhole: boolean): readonly Finding[] =>
  faults.map(({ path, what }) => ({
    scope: "store",
    subject: label,
    path,
    problem: what,
    action: isWhole ? "recompiled" : "removed",
    mend: isWhole ? "nothing" : "sync",
  }));
