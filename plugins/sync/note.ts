import path from "node:path";
import type { Session } from "../../plugin-api/session.ts";
import { STAMP_FILE } from "../../plugin-api/system/environment-stamp.ts";
import { leaveNote } from "../../plugin-api/system/leave-note.ts";
import { counted } from "../../plugin-api/text/units.ts";
import type { Brought } from "./bring.ts";
import { DECIDING } from "./unchanged.ts";

/** Notes that there is nothing to do (SPEC LNK-08), unless something has to be told each time. */
export async function noteUnchanged(command: "sync" | "install", brought: Brought, session: Session): Promise<void> {
  const { current, plan, target, folders } = brought;
  const { environment } = target.selected ?? {};
  const isSame = plan.install.length === 0 && plan.remove.length === 0;
  if (!isSame || !environment || !current || current.isStale || current.hasNotices) return;
  const { root, interpreter } = target;
  const files = [
    ...current.decidedBy(),
    ...folders.flatMap((folder) => DECIDING.map((name) => path.join(folder, name))),
    ...["pyvenv.cfg", STAMP_FILE].map((name) => path.join(root, name)),
    environment.sitePackages,
    environment.python,
    interpreter.path,
    interpreter.basePath,
  ];
  await leaveNote({ command, line: counted(plan.keep.length, "package"), files }, session);
}
