import fs from "node:fs";
import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { Catalogue } from "../../plugin-api/services.ts";
import { counted } from "../../plugin-api/text/units.ts";
import type * as commands from "./commands.ts";
import { type Breaking, breakingChanges, type JsonSchema } from "./compare.ts";
import { type Documents, documentFor, documentsOf, type SchemaType } from "./documents.ts";
import frozen from "./frozen.json" with { type: "json" };

const check: RunOf<typeof commands.check> = async ({ against }, _operands, session) => {
  const now = documentsOf(await session.use(Catalogue));
  const breaking =
    against === undefined
      ? changesSince(frozen as unknown as Documents, now)
      : changesSinceFile(readSchema(path.resolve(session.cwd, against), against), now, against);
  return {
    exitCode: breaking.length === 0 ? 0 : 1,
    data: { compatible: breaking.length === 0, breaking, version: now.version },
    text: (ui) => {
      if (breaking.length === 0) return `${ui.ok("Compatible")} with schema version ${now.version}\n`;
      const lines = breaking.map(({ path, change }) => ` ${ui.del("-")} ${ui.name(path)}  ${change}`);
      return `${lines.join("\n")}\n${ui.err(counted(breaking.length, "breaking change"))}\n`;
    },
  };
};
export default check;

/** Of all schemas; a command that this preset lacks has not changed. */
export function changesSince(before: Documents, now: Documents): readonly Breaking[] {
  const under = (name: string, changes: readonly Breaking[]) =>
    changes.map(({ path, change }) => ({ path: `${name} ${path}`, change }));
  return [
    ...under("envelope", breakingChanges(before.envelope, now.envelope)),
    ...under("event", breakingChanges(before.event, now.event)),
    ...under("diagnostic", breakingChanges(before.diagnostic, now.diagnostic)),
    ...Object.entries(before.data).flatMap(([command, schema]) => {
      const current = now.data[command];
      return current ? under(`data of ${command}`, breakingChanges(schema, current)) : [];
    }),
  ];
}

/** A file says by its `$id` what it describes. */
function changesSinceFile(before: JsonSchema, now: Documents, name: string): readonly Breaking[] {
  const [type, command] = /^urn:pybun:schema:1:(\w+)(?::(.+))?$/.exec(String(before["$id"]))?.slice(1) ?? [];
  if (type === undefined || !["envelope", "event", "diagnostic", "data"].includes(type))
    throw new PybunError(
      "E_USAGE",
      `${name} is no schema of PyBun's: its \`$id\` says ${JSON.stringify(before["$id"])}`,
      {
        hints: ["make one: `pybun schema print > envelope.json`"],
      },
    );
  const path =
    Object.keys(now.data).find((known) => known.replaceAll(" ", "-") === command) ?? command?.replaceAll("-", " ");
  return breakingChanges(before, documentFor(now, type as SchemaType, path));
}

function readSchema(file: string, name: string): JsonSchema {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (cause) {
    if ((cause as { code?: unknown }).code === "ENOENT")
      throw new PybunError("E_USAGE", `there is no file \`${name}\``);
    throw new PybunError("E_USAGE", `cannot read \`${name}\``, { cause });
  }
  try {
    return JSON.parse(text) as JsonSchema;
  } catch (cause) {
    throw new PybunError("E_USAGE", `${name} is not JSON`, { cause });
  }
}
