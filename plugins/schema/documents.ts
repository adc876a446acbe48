import type { Catalogue } from "../../plugin-api/services.ts";
import type { JsonSchema } from "./compare.ts";
import { diagnostic } from "./diagnostic.ts";
import { envelope } from "./envelope.ts";
import { event } from "./events.ts";

export type SchemaType = "envelope" | "event" | "diagnostic" | "data";

/** Schemas of version 1 by type, and of each command's data by command. */
export interface Documents {
  readonly version: "1";
  readonly envelope: JsonSchema;
  readonly event: JsonSchema;
  readonly diagnostic: JsonSchema;
  readonly data: Readonly<Record<string, JsonSchema>>;
}

const ANY_OBJECT: JsonSchema = { type: "object" };

/** All schemas as plain JSON, made from the declarations. */
export function documentsOf({ commands }: Pick<Catalogue, "commands">): Documents {
  const data = [...commands].flatMap(([path, { command }]) =>
    command.spec.data === undefined ? [] : [[path, plain(command.spec.data)] as const],
  );
  return {
    version: "1",
    envelope: plain(envelope),
    event: plain(event),
    diagnostic: plain(diagnostic),
    data: Object.fromEntries(data),
  };
}

/** One schema as a document of its own (JSON Schema 2020-12); with a command, for that command's output. */
export function documentFor(documents: Documents, type: SchemaType, command?: string): JsonSchema {
  const data = (command !== undefined && documents.data[command]) || ANY_OBJECT;
  const schema = type === "data" ? data : documents[type];
  const suffix = command === undefined ? "" : `:${command.replaceAll(" ", "-")}`;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:pybun:schema:1:${type}${suffix}`,
    ...schema,
    ...(type === "envelope" && command !== undefined
      ? { properties: { ...schema.properties, command: { const: `pybun ${command}`, type: "string" }, data } }
      : {}),
  };
}

/** Without the symbols that TypeBox keeps beside. */
const plain = (schema: unknown): JsonSchema => JSON.parse(JSON.stringify(schema)) as JsonSchema;
