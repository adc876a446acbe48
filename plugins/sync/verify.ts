import fs from "node:fs";
import path from "node:path";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import type { Installed } from "../../plugin-api/model/environment.ts";
import { parseRecord, type RecordRow } from "../../plugin-api/python/record.ts";
import { Environments } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { sha256OfFile } from "../../plugin-api/system/file-digest.ts";

/** Compares every installed file with its RECORD (SPEC PRJ-52); gives their number. Throws `E_ENV_CHANGED`. */
export async function verify(root: string, session: Session): Promise<number> {
  const { installed, sitePackages } = await (await session.use(Environments)).read(root);
  let count = 0;
  const faults: string[] = [];
  for (const each of installed) {
    session.signal.throwIfAborted();
    for (const row of rowsOf(each, faults)) {
      if (row.sha256 === undefined) continue;
      count++;
      const fault = await faultOf(row, sitePackages);
      if (fault !== undefined) faults.push(`${each.name} ${each.version}  ${row.path} ${fault}`);
    }
  }
  if (faults.length === 0) return count;
  throw new PybunError("E_ENV_CHANGED", `${faults.length} installed files are not what was installed`, {
    evidence: faults.length > SHOWN ? [...faults.slice(0, SHOWN), `and ${faults.length - SHOWN} more`] : faults,
    hints: [`make the environment anew: \`pybun env remove\`, then \`pybun sync\``],
    context: { files: faults },
  });
}

const SHOWN = 10;

function rowsOf({ name, version, infoPath }: Installed, faults: string[]): readonly RecordRow[] {
  try {
    return parseRecord(fs.readFileSync(path.join(infoPath, "RECORD"), "utf8"));
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (!isMissing && !(error instanceof InvalidSyntax)) throw error;
    faults.push(`${name} ${version}  ${isMissing ? "has no RECORD" : (error as Error).message}`);
    return [];
  }
}

async function faultOf({ path: file, sha256, size }: RecordRow, sitePackages: string): Promise<string | undefined> {
  const place = path.resolve(sitePackages, file);
  const stat = fs.statSync(place, { throwIfNoEntry: false });
  if (!stat?.isFile()) return "is missing";
  if (size !== undefined && stat.size !== size) return `has ${stat.size} bytes, not ${size}`;
  return (await sha256OfFile(place)) === sha256 ? undefined : "has another content";
}
