import path from "node:path";
import { OWN_ENVIRONMENT } from "../../plugin-api/launch/renewal.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { Environments, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";

/**
 * An empty environment for a new project, where projects have their own in their folder: one kept elsewhere is made when it is
 * first needed. Its path.
 */
export async function makeEnvironment(
  folder: string,
  interpreter: Interpreter,
  session: Session,
): Promise<string | undefined> {
  const settings = await session.use(SettingsTable);
  if (settings.get("env.location")?.value === "central") return undefined;
  const root = path.join(folder, OWN_ENVIRONMENT);
  await (await session.use(Environments)).create({ root, interpreter, isExact: true });
  session.emit({ type: "EnvCreated", path: root, source: "project", version: interpreter.version });
  return root;
}
