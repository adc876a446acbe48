import { Value } from "@sinclair/typebox/value";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { JsonSchema } from "../../plugins/schema/compare.ts";
import { envelope } from "../../plugins/schema/envelope.ts";

/**
 * What keeps a value from being an envelope, one line each; empty for a valid one. With a schema of the command's data,
 * that is held to it too. Ajv only says why.
 */
export function validateEnvelope(value: unknown, data?: JsonSchema): readonly string[] {
  const problems = Value.Check(envelope, value) ? [] : explain(envelope, value);
  if (problems.length > 0 || data === undefined) return problems;
  return explain(data, (value as { readonly data: unknown }).data, "/data");
}

function explain(schema: object, value: unknown, prefix = ""): readonly string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  if (ajv.validate(schema, value)) return [];
  return (ajv.errors ?? []).map(({ instancePath, message, params }) => {
    const detail = "allowedValue" in params ? ` ${JSON.stringify(params["allowedValue"])}` : "";
    return `${prefix}${instancePath || (prefix === "" ? "/" : "")} ${message ?? "is not valid"}${detail}`;
  });
}
