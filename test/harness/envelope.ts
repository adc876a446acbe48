import type { JsonSchema } from "../../plugins/schema/compare.ts";
import { presets } from "../../presets/shipped.ts";
import { validateEnvelope } from "./validate-envelope.ts";

/** The envelope as tests read it. */
export interface JsonEnvelope {
  readonly version: string;
  readonly command: string;
  readonly status: "ok" | "error";
  readonly exit_code: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly events: readonly (Readonly<Record<string, unknown>> & { readonly type: string })[];
  readonly diagnostics: readonly {
    readonly level: string;
    readonly code: string;
    readonly message: string;
    readonly hints?: readonly string[];
  }[];
  readonly error_type?: string;
  readonly fix_suggestion?: string | null;
}

/** Parses standard output that must be one JSON object and nothing else. */
export function parseEnvelope(stdout: string): JsonEnvelope {
  try {
    return JSON.parse(stdout) as JsonEnvelope;
  } catch (error) {
    throw new Error(`standard output is not one JSON object: ${JSON.stringify(stdout.slice(0, 400))}`, {
      cause: error,
    });
  }
}

/**
 * Holds what a program printed to the schema, if it is an envelope or a stream of events that ends with one: the
 * envelope itself, its exit code, and the command's data. Every run in a test goes through this.
 */
export function checkOutput(stdout: string, exitCode: number | null): void {
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  if (!/^\{"version":"\d+","command":"/.test(last)) return;
  const envelope = parseEnvelope(last);
  const data = envelope.status === "ok" ? dataSchema(envelope.command) : undefined;
  const problems = [...validateEnvelope(envelope, data)];
  if (exitCode !== null && envelope.exit_code !== exitCode) {
    problems.push(`/exit_code is ${envelope.exit_code}, but the process ended with ${exitCode}`);
  }
  if (problems.length > 0) throw new Error(`the envelope breaks its schema: ${problems.join("; ")}\n${last}`);
}

/** What the command's declaration says of its data; `command` is the full path, such as `pybun python list`. */
function dataSchema(command: string): JsonSchema | undefined {
  const path = command.split(" ").slice(1).join(" ");
  const plugins = presets["default"]?.plugins ?? [];
  return plugins.map((plugin) => plugin.commands?.[path]?.spec.data).find((data) => data !== undefined);
}
