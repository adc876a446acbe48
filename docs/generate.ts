import fs from "node:fs";
import path from "node:path";
import { referencePages } from "./reference.ts";

// `npm run docs`: writes docs/reference from the declarations.
const folder = path.join(import.meta.dirname, "reference");
fs.mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(referencePages())) fs.writeFileSync(path.join(folder, name), text);
