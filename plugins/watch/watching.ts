import type { Watching } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { watchConfig } from "./config.ts";
import { watchProgram } from "./loop.ts";
import { describe } from "./watch.ts";

/** `run --watch`: everything about the watch is the settings'. */
export default async function watching(session: Session): Promise<Watching> {
  return {
    async watch(next) {
      const config = await watchConfig({}, session);
      const invocation = await next();
      let first: typeof invocation | undefined = invocation;
      const tally = await watchProgram(
        {
          config,
          async next() {
            const given = first ?? (await next());
            first = undefined;
            return given;
          },
        },
        session,
      );
      return { exitCode: tally.exitCode, data: describe(config, invocation, tally) };
    },
  };
}
