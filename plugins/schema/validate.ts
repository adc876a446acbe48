import { Value } from "@sinclair/typebox/value";
import type { JsonSchema } from "./compare.ts";
import { envelope } from "./envelope.ts";

/**
 * What keeps a value from being an envelope, one line each; empty for a valid one. With a schema of the command's data,
 * that is held to it too. For tests and for those who take JSON from elsewhere: what PyBun itself writes needs no check.
 */
export async function validateEnvelope(value: unknown, data?: JsonSchema): Promise<readonly string[]> {
  const problems = Value.Check(envelope, value) ? [] : await explain(envelope, value);
  if (problems.length > 0 || data === undefined) return problems;
  return explain(data, (value as { readonly data: unknown }).data, "/data");
}

/** Ajv says why; it is loaded only for that. */
async function explain(schema: object, value: unknown, prefix = ""): Promise<readonly string[]> {
  const { Ajv2020 } = await import("ajv/dist/2020.js");
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  if (ajv.validate(schema, value)) return [];
  return (ajv.errors ?? []).map(({ instancePath, message, params }) => {
    const detail = "allowedValue" in params ? ` ${JSON.stringify(params["allowedValue"])}` : "";
    return `${prefix}${instancePath || (prefix === "" ? "/" : "")} ${message ?? "is not valid"}${detail}`;
  });
}
