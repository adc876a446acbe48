import { warning } from "../../plugin-api/diagnostic.ts";
import type { Settle } from "../../plugin-api/plugin.ts";
import { statusOf } from "./pages.ts";
import { IndexState } from "./state.ts";

/** After a resolution: saves what was learned, and tells of chosen projects that nobody should rely on (PEP 792). */
const afterResolve: Settle<"resolve"> = async (request, { pins }, session) => {
  const state = await session.use(IndexState);
  state.ahead.end(request, state);
  await state.records.flush(session.signal);
  for (const { name, source } of pins) {
    const status = source.kind === "index" ? statusOf(name, source.index, state) : undefined;
    if (status !== "archived" && status !== "deprecated") continue;
    const diagnostic = warning("W_PROJECT_STATUS", `\`${name}\` is ${status} on its index`, {
      context: { package: name, status },
    });
    session.emit({ type: "Diagnostic", diagnostic });
  }
};
export default afterResolve;
