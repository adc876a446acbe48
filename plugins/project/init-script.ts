import fs from "node:fs";
import path from "node:path";
import type { Report } from "../../plugin-api/report.ts";
import { Host, Interpreters } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { scriptText } from "./new-files.ts";
import { exists, isThere } from "./where.ts";

/** Makes a script with a list of its own requirements (PEP 723). Throws `E_PROJECT_EXISTS`. */
export async function initScript(typed: string, isDryRun: boolean, session: Session): Promise<Report> {
  const { home } = await session.use(Host);
  const file = path.resolve(session.cwd, typed);
  const shown = showPath(file, { cwd: session.cwd, home });
  if (isThere(file)) throw exists(shown);
  const { version, tags } = await (await session.use(Interpreters)).find({});
  if (!isDryRun) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, scriptText(`>=${tags.python.join(".")}`), { flag: "wx" });
  }
  return {
    exitCode: 0,
    data: { created: [shown], kept: [], dry_run: isDryRun, project: null, python: version },
    text: (ui) =>
      [
        ` ${ui.add("+")} ${shown}`,
        `${ui.ok(isDryRun ? "Would create" : "Created")} script ${ui.name(shown)} ${ui.dim(`for Python ${tags.python.join(".")} and later`)}`,
      ].join("\n"),
    nextActions: isDryRun ? [] : [{ command: ["pybun", "run", shown], why: "run it" }],
  };
}
