import fs from "node:fs";
import path from "node:path";
import { failed, type Kind, passed } from "./kind.ts";
import { checkPep } from "./pep.ts";

/** Answers of the standards' reference library, one JSON file a subject, each naming the library as its `oracle`. */
export const pepVectors: Kind = {
  name: "pep",
  claims: (folder) =>
    fs.readdirSync(folder).some((name) => name.endsWith(".json") && hasOracle(path.join(folder, name))),
  run: async (folder) => {
    const results = await checkPep(folder);
    return results.flatMap(({ file, passed: count, failures }) => [
      ...Array.from({ length: count }, () => passed(file)),
      ...failures.map((failure) => failed(file, failure)),
    ]);
  },
};

function hasOracle(file: string): boolean {
  try {
    return (
      typeof (JSON.parse(fs.readFileSync(file, "utf8")) as { readonly oracle?: unknown } | null)?.oracle === "string"
    );
  } catch {
    return false; // JSON of another kind
  }
}
