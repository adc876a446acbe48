import { PybunError } from "../../plugin-api/error.ts";
import { Environments, Host, type SelectedEnvironment } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { type Around, aroundOf } from "./places.ts";

/** The environment used here, for commands that only ask. Throws `E_ENV_NOT_FOUND`. */
export async function chosen(
  session: Session,
): Promise<{ readonly selected: SelectedEnvironment; readonly around: Around }> {
  const around = aroundOf(session, await session.use(Host));
  const selected = await (await session.use(Environments)).select();
  if (selected) return { selected, around };
  const where = around.host.projectRoot === undefined ? "outside of projects" : "for this project";
  throw new PybunError("E_ENV_NOT_FOUND", `there is no environment ${where} yet`, {
    hints: ["make one: `pybun env create`"],
  });
}

/** The environment as every command's JSON has it (SPEC ENV-02). */
export const asData = ({ path, source, python }: Pick<SelectedEnvironment, "path" | "source" | "python">) => ({
  path,
  source,
  python,
});

/** Why it is this environment, in words that follow its path. */
export function reasonFor({ source }: Pick<SelectedEnvironment, "source">): string {
  const reasons: Record<SelectedEnvironment["source"], string> = {
    PYBUN_ENV: "named by PYBUN_ENV",
    PYBUN_PYTHON: "named by PYBUN_PYTHON",
    project: "the project's own",
    "dot-venv": "the project's .venv",
    active: "active in this shell",
    global: "shared by all folders outside of projects",
    host: "the interpreter itself",
  };
  return reasons[source];
}
