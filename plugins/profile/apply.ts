import { lettersOf } from "../../plugin-api/launch/python-options.ts";
import type { Prepare } from "../../plugin-api/plugin.ts";
import { type Profile, Profiles } from "../../plugin-api/profile.ts";
import type { Invocation } from "../../plugin-api/stages.ts";
import { timed } from "./timed.ts";

/** Runs the program as the profile has it. */
const apply: Prepare<"run"> = async (invocation, session) => {
  const { active } = await session.use(Profiles);
  if (active === undefined) return invocation;
  const flags = optimising(invocation, active);
  const shaped =
    flags.length === 0 ? invocation : { ...invocation, addedOptions: [...(invocation.addedOptions ?? []), ...flags] };
  return active.timing || active.tracing ? timed(shaped, active, session) : shaped;
};
export default apply;

/** What the user typed for Python itself counts. */
function optimising({ pythonOptions, kind }: Invocation, { optimise }: Profile): readonly string[] {
  if (optimise === 0 || kind === "command" || lettersOf(pythonOptions).includes("O")) return [];
  return [optimise === 1 ? "-O" : "-OO"];
}
