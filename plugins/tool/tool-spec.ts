import type { Demand } from "../../plugin-api/model/requirement.ts";
import { type TypedPlace, typedDemand } from "../../plugin-api/typed-requirement.ts";

/** A tool as it is typed: what to install, and the command that is meant when no other is named. */
export interface ToolSpec {
  readonly demand: Demand;
  readonly command: string;
}

/** `ruff`, `ruff@0.4.1`, `ruff@latest`, `httpie[ssl]>=3`, `name @ https://…`, a path or URL (SPEC X-01). Throws what `typedDemand` does. */
export async function parseToolSpec(typed: string, session: TypedPlace["session"], from = "x"): Promise<ToolSpec> {
  const at = /^([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?)@([\w.!+*-]+)$/.exec(typed);
  const text = at ? (at[2] === "latest" ? (at[1] as string) : `${at[1]}==${at[2]}`) : typed;
  const demand = await typedDemand(text, { command: from, session });
  const isName = demand.requirement.url === undefined || /^[\w.-]+(?:\[[^\]]*\])?\s*@/.test(text);
  const written = isName ? /^[A-Za-z0-9][\w.-]*/.exec(text)?.[0] : undefined;
  return { demand, command: written ?? demand.requirement.name };
}
