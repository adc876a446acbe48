import { PybunError } from "../../plugin-api/error.ts";
import { checkInstalled } from "../../plugin-api/python/check-installed.ts";
import { Environments } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { readEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";

const SHOWN = 10;

/** Compares every installed file with its RECORD (SPEC PRJ-52); gives their number. Throws `E_ENV_CHANGED`. */
export async function verify(root: string, session: Session): Promise<number> {
  const { installed, sitePackages } = await (await session.use(Environments)).read(root);
  const commands = readEnvironmentStamp(root)?.commands;
  let count = 0;
  const faults: string[] = [];
  for (const each of installed) {
    const checked = await checkInstalled(each, { sitePackages, commands, signal: session.signal });
    count += checked.files;
    faults.push(
      ...checked.faults.map(
        ({ path, what }) => `${each.name} ${each.version}  ${path === "" ? what : `${path} ${what}`}`,
      ),
    );
  }
  if (faults.length === 0) return count;
  throw new PybunError("E_ENV_CHANGED", `${faults.length} installed files are not what was installed`, {
    evidence: faults.length > SHOWN ? [...faults.slice(0, SHOWN), `and ${faults.length - SHOWN} more`] : faults,
    hints: [`make the environment anew: \`pybun env remove\`, then \`pybun sync\``],
    context: { files: faults },
  });
}
