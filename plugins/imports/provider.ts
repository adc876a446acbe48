import fs from "node:fs";
import path from "node:path";
import { topOf } from "../../plugin-api/launch/imports.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import type { Session } from "../../plugin-api/session.ts";
import { StoreUpkeep } from "../../plugin-api/store-upkeep.ts";
import { wellKnownNames } from "../../plugin-api/well-known-names.ts";
import { distributionOf } from "./distributions.ts";

/** Who has a module. */
export interface Provider {
  readonly name: PackageName;
  /** Everybody means this one. */
  readonly isSure: boolean;
}

/** The distribution that has a module: by the table, by its name, or because this machine had it before. */
export async function providerOf(module: string, session: Session): Promise<Provider | undefined> {
  const known = distributionOf(module);
  if (known !== undefined) return { name: normalizeName(known), isSure: true };
  const same = normalizeName(topOf(module));
  if (wellKnownNames.includes(same)) return { name: same, isSure: true };
  const seen = await seenBefore(topOf(module), session);
  return seen && { name: seen, isSure: false };
}

/** The distribution of the store's newest entry that has the module; of a namespace, which many share, none is told. */
async function seenBefore(top: string, session: Session): Promise<PackageName | undefined> {
  try {
    const upkeep = await session.use(StoreUpkeep);
    const found = [...upkeep.entries()].filter(({ path: entry }) => hasModule(path.join(entry, "tree"), top));
    const labels = new Set(found.map(({ label }) => normalizeName(label.split(" ", 1)[0] ?? "")));
    return labels.size === 1 ? [...labels][0] : undefined;
  } catch {
    return undefined;
  }
}

const hasModule = (tree: string, top: string): boolean =>
  [`${top}.py`, path.join(top, "__init__.py")].some((file) => fs.existsSync(path.join(tree, file))) ||
  (fs.existsSync(tree) &&
    fs.readdirSync(tree).some((name) => name.startsWith(`${top}.`) && /\.(?:so|pyd)$/.test(name)));
