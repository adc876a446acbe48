import type { Requirement } from "../../plugin-api/model/requirement.ts";
import { typedRequirement } from "../../plugin-api/typed-requirement.ts";

/** A tool as it is typed: what to install, and the command that is meant when no other is named. */
export interface ToolSpec {
  readonly requirement: Requirement;
  readonly text: string;
  readonly command: string;
}

/** `ruff`, `ruff@0.4.1`, `ruff@latest`, `httpie[ssl]>=3`, `name @ https://…` (SPEC X-01). Throws `E_USAGE`. */
export function parseToolSpec(typed: string, cwd: string): ToolSpec {
  const at = /^([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?)@([\w.!+*-]+)$/.exec(typed);
  const text = at ? (at[2] === "latest" ? (at[1] as string) : `${at[1]}==${at[2]}`) : typed;
  const requirement = typedRequirement(text, { command: "x", cwd });
  const written = /^[A-Za-z0-9][\w.-]*/.exec(text)?.[0] ?? requirement.name;
  return { requirement, text, command: written };
}
