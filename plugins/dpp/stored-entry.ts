import { PybunError } from "../../plugin-api/error.ts";
import { isPackageName, normalizeName } from "../../plugin-api/python/package-name.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import type { KeptEntry } from "../../plugin-api/store-upkeep.ts";

/** A package of the store by name, perhaps in one version. */
export interface StoredName {
  readonly name: string;
  readonly version: string | undefined;
}

/** `NAME` or `NAME==VERSION`; undefined for what can only be a file. */
export function parseStoredName(operand: string): StoredName | undefined {
  const [name = "", version, more] = operand.split("==");
  if (!isPackageName(name) || more !== undefined || /\.(?:whl|dpp)$/i.test(operand)) return undefined;
  if (version !== undefined && versionKey(version) === undefined) return undefined;
  return { name: normalizeName(name), version };
}

/** The entry of that name; of several wheels of one version the one used last. Throws `E_DPP_PLACE` for none and for several versions. */
export function storedEntry(entries: Iterable<KeptEntry>, { name, version }: StoredName, operand: string): KeptEntry {
  const found = [...entries].filter(({ label }) => {
    const [itsName = "", itsVersion = ""] = label.split(" ");
    return itsName === name && (version === undefined || versionKey(itsVersion) === versionKey(version));
  });
  const labels = [...new Set(found.map(({ label }) => label))].sort();
  if (labels.length > 1)
    throw new PybunError("E_DPP_PLACE", `the store has several versions of ${name}`, {
      evidence: labels,
      hints: [`choose one: \`pybun dpp convert ${labels.at(-1)!.replace(" ", "==")}\``],
    });
  const [last] = found.toSorted((a, b) => b.lastUsedMs - a.lastUsedMs);
  if (last !== undefined) return last;
  throw new PybunError("E_DPP_PLACE", `there is no file \`${operand}\`, and no such package in the store`, {
    hints: ["name the file of a wheel, or a package that is installed somewhere: `NAME` or `NAME==VERSION`"],
  });
}
