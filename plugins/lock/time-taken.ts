import { Clock, Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { formatDuration } from "../../plugin-api/text/units.ts";

/** How long the command has run, as people read it. */
export async function timeTaken(session: Session): Promise<string> {
  const [{ startedAtMs }, clock] = await Promise.all([session.use(Host), session.use(Clock)]);
  return formatDuration(Math.max(0, clock.nowMs() - startedAtMs));
}
