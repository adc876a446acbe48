import { fileURLToPath } from "node:url";
import { PybunError } from "../error.ts";
import { parseSha256, type Sha256 } from "../model/digest.ts";
import type { PackageName } from "../model/requirement.ts";
import type { Pin } from "../model/resolution.ts";
import { entriesWithoutHash, type RequirementsEntry } from "../python/requirements-file.ts";
import type { RequirementsOptions } from "../python/requirements-file-options.ts";
import { digestOfFile } from "../system/file-digest.ts";
import type { Asked } from "./asked.ts";

/** Digests of which an archive has to have one, by algorithm. */
export interface Allowed {
  readonly sha256: readonly Sha256[];
  readonly others: readonly (readonly [algorithm: string, hex: string])[];
}

/** The hashes that are listed for each package, by requirements and constraints together. */
export function allowedHashes(asked: readonly Asked[]): ReadonlyMap<PackageName, Allowed> {
  const allowed = new Map<PackageName, Allowed>();
  for (const { entry, demand } of asked) {
    const { name, url } = demand.requirement;
    const listed = Object.entries(entry.hashes).flatMap(([algorithm, list]) =>
      list.map((hex) => [algorithm, hex] as const),
    );
    const all = [...listed, ...inFragment(url)];
    if (all.length === 0) continue;
    const before = allowed.get(name) ?? { sha256: [], others: [] };
    const sha256 = all.flatMap(([algorithm, hex]) => (algorithm === "sha256" ? (parseSha256(hex) ?? []) : []));
    const others = all.filter(([algorithm]) => algorithm !== "sha256");
    allowed.set(name, { sha256: [...before.sha256, ...sha256], others: [...before.others, ...others] });
  }
  return allowed;
}

const inFragment = (url = ""): readonly (readonly [string, string])[] =>
  [...url.matchAll(/[#&](sha256|sha384|sha512)=([0-9a-f]+)/gi)].map(([, algorithm = "", hex = ""]) => [
    algorithm.toLowerCase(),
    hex.toLowerCase(),
  ]);

/** Whether what is installed has to be listed with a hash: asked for, or any line has one. */
export const areHashesRequired = (
  entries: readonly RequirementsEntry[],
  { requiresHashes }: RequirementsOptions,
): boolean => requiresHashes ?? entries.some(({ hashes }) => Object.keys(hashes).length > 0);

/** Refuses lines that can't be held to a hash, before anything is fetched. Throws `E_REQUIREMENTS_INVALID`. */
export function checkListed(asked: readonly Asked[], options: RequirementsOptions): void {
  const entries = asked.map(({ entry, demand }) => {
    const fragment = Object.fromEntries(
      inFragment(demand.requirement.url).map(([algorithm, hex]) => [algorithm, [hex]]),
    );
    return { ...entry, hashes: { ...fragment, ...entry.hashes } };
  });
  const [bare] = entriesWithoutHash({ entries, options });
  if (bare === undefined) return;
  const place = bare.file === "" ? "" : `${bare.file.split(/[/\\]/).at(-1)}:${bare.line}: `;
  throw new PybunError(
    "E_REQUIREMENTS_INVALID",
    `${place}\`${bare.text}\` is not one version with a hash, and hashes are required`,
    {
      ...(bare.file !== "" && { file: bare.file, line: bare.line }),
      hints: ["list the hashes of all: `pybun pip compile --generate-hashes`"],
    },
  );
}

/**
 * Holds pins to the listed hashes. Gives them with the digest that whoever fetches them has to find, where the index states
 * none. Throws `E_HASH_MISMATCH`.
 */
export async function checkHashes(
  pins: readonly Pin[],
  allowed: ReadonlyMap<PackageName, Allowed>,
  { isRequired }: { readonly isRequired: boolean },
): Promise<readonly Pin[]> {
  return Promise.all(
    pins.map(async (pin) => {
      const known = allowed.get(pin.name);
      if (known) return held(pin, known);
      if (isRequired) throw mismatch(pin, "is needed, and not listed with a hash");
      return pin;
    }),
  );
}

async function held(pin: Pin, { sha256, others }: Allowed): Promise<Pin> {
  const { file } = pin;
  if (file.sha256 !== undefined && sha256.includes(file.sha256)) return pin;
  if (file.url.startsWith("file:")) {
    const path = fileURLToPath(file.url);
    for (const [algorithm, hex] of [...sha256.map((each) => ["sha256", each] as const), ...others])
      if ((await digestOfFile(path, algorithm)) === hex) return pin;
    throw mismatch(pin, "is none of the files whose hashes are listed", await digestOfFile(path, "sha256"));
  }
  const [only] = sha256;
  if (file.sha256 === undefined && only !== undefined && sha256.length === 1)
    return { ...pin, file: { ...file, sha256: only } };
  throw mismatch(pin, "is none of the files whose hashes are listed");
}

const mismatch = ({ name, version, file }: Pin, why: string, found: string | undefined = file.sha256): PybunError =>
  new PybunError("E_HASH_MISMATCH", `\`${name} ${version}\` ${why}`, {
    evidence: [`file    ${file.filename}`, `sha256  ${found ?? "not stated by the index"}`],
  });
