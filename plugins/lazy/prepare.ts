import type { Prepare } from "../../plugin-api/plugin.ts";
import { Host } from "../../plugin-api/services.ts";
import { settingsOf } from "../../plugin-api/session.ts";
import { counted } from "../../plugin-api/text/units.ts";
import "./invocation.ts";
import { bootstrapOf } from "./bootstrap.ts";
import { type LazyPolicy, policyOf } from "./policy.ts";
import { settings } from "./settings.ts";

/** Has imports wait in the program, as the settings say. */
const prepare: Prepare<"run"> = async (invocation, session) => {
  const { lazyImports } = invocation;
  const policy = lazyImports?.policy ?? policyOf(settingsOf(session, settings));
  if (policy.mode === "off") return invocation;
  const reason = unused(policy) ?? "";
  const isUsed = reason === "";
  const acceleration = { name: "lazy imports", isUsed, reason: isUsed ? words(policy) : reason };
  const { dataDir } = await session.use(Host);
  const bootstrap = bootstrapOf(policy, dataDir, lazyImports?.isRecorded === true);
  return {
    ...invocation,
    accelerations: [...(invocation.accelerations ?? []), acceleration],
    ...(isUsed && { bootstraps: [...(invocation.bootstraps ?? []), bootstrap] }),
  };
};
export default prepare;

const unused = ({ mode, allow }: LazyPolicy): string | undefined =>
  mode === "profile" && allow.length === 0 ? "`run.lazy.allow` is empty" : undefined;

function words({ mode, allow, deny, importers }: LazyPolicy): string {
  const what = mode === "all" ? "all imports" : `imports of ${allow.join(", ")}`;
  const but = deny.length === 0 ? "" : ` but ${counted(deny.length, "entry", "entries")} of \`run.lazy.deny\``;
  return `${what}${but} wait in ${importers.join(", ")}`;
}
