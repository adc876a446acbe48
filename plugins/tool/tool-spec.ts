import { InvalidSyntax } from "../../plugin-api/error.ts";
import type { Requirement } from "../../plugin-api/model/requirement.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { usageError } from "../../plugin-api/usage.ts";

/** A tool as it is typed: what to install, and the command that is meant when no other is named. */
export interface ToolSpec {
  readonly requirement: Requirement;
  readonly text: string;
  readonly command: string;
}

/** `ruff`, `ruff@0.4.1`, `ruff@latest`, `httpie[ssl]>=3`, `name @ https://…` (SPEC X-01). Throws `E_USAGE`. */
export function parseToolSpec(typed: string): ToolSpec {
  const at = /^([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?)@([\w.!+*-]+)$/.exec(typed);
  const text = at ? (at[2] === "latest" ? (at[1] as string) : `${at[1]}==${at[2]}`) : typed;
  try {
    const requirement = parseRequirement(text);
    const written = /^[A-Za-z0-9][\w.-]*/.exec(text)?.[0] ?? requirement.name;
    return { requirement, text, command: written };
  } catch (error) {
    if (error instanceof InvalidSyntax) throw usageError("x", `\`${typed}\` is no package: ${error.message}`);
    throw error;
  }
}
