import fs from "node:fs";
import path from "node:path";
import { assemble } from "../kernel/assemble.ts";
import { lineage, members } from "../plugin-api/preset.ts";
import { documentsOf } from "../plugins/schema/documents.ts";
import { presets } from "../presets/shipped.ts";

// `bun docs/freeze-schema.ts`: makes the schemas of today the ones that `schema check` compares with; then
// `npm run format`. Run on purpose only.
const file = path.join(import.meta.dirname, "..", "plugins", "schema", "frozen.json");
const documents = documentsOf(assemble(members(lineage(presets, "default"))));
fs.writeFileSync(file, `${JSON.stringify(documents, null, 1)}\n`);
