import { KERNEL } from "../kernel/assemble.ts";
import { open, type Running } from "../kernel/main.ts";
import { Environments } from "../plugin-api/services.ts";
import { isProjectChanging } from "../plugin-api/system/project-mark.ts";

/** Puts a run together, after what a killed command left of a change of the project has been completed or removed. Never throws. */
export async function openWhole(...[start, watch]: Parameters<typeof open>): Promise<Running> {
  const running = await open(start, watch);
  const root = running.setup.host.projectRoot;
  if (root === undefined || !isProjectChanging(root)) return running;
  const session = running.sessions.of(KERNEL);
  const completeEnvironment = async (environment: string): Promise<void> =>
    (await session.use(Environments)).alone(environment, () => {});
  try {
    const { recoverProject } = await import("../plugin-api/system/project-change.ts");
    await recoverProject(root, { signal: start.signal, completeEnvironment });
  } catch {
    // A disk that is full or read-only now: the command itself says so where it matters.
    return running;
  }
  // Settings, and what else was read of the project, may be others now.
  running.sessions.dispose();
  return open(start, watch);
}
