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

/** Parses standard output that must be one JSON object and nothing else, and holds it to the schema. */
export function checkEnvelope(stdout: string): JsonEnvelope {
  let envelope: JsonEnvelope;
  try {
    envelope = JSON.parse(stdout) as JsonEnvelope;
  } catch (error) {
    throw new Error(`standard output is not one JSON object: ${JSON.stringify(stdout.slice(0, 400))}`, {
      cause: error,
    });
  }
  return envelope;
}
