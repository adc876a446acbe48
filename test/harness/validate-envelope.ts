import { Value } from "@sinclair/typebox/value";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
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
  const validate = compiled(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const detail = "allowedValue" in params ? ` ${JSON.stringify(params["allowedValue"])}` : "";
    return `${prefix}${instancePath || (prefix === "" ? "/" : "")} ${message ?? "is not valid"}${detail}`;
  });
}

/** A schema is compiled once: that takes longer than most commands that are held to it. */
function compiled(schema: object): ValidateFunction {
  const known = validators.get(schema) ?? new Ajv2020({ allErrors: true, strict: false }).compile(schema);
  validators.set(schema, known);
  return known;
}
const validators = new WeakMap<object, ValidateFunction>();
