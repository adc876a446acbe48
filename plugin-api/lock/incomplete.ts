import { PybunError } from "../error.ts";
import type { DistributionFile } from "../model/distribution.ts";
import type { LockedPackage } from "../model/lock.ts";
import { archiveKind, isPlainFilename } from "../page/archive-links.ts";
import { LOCK_LIMITS } from "./layout.ts";
import { DIGEST_DIGITS } from "./source-fields.ts";

/** `E_LOCK_INCOMPLETE` unless every file of the package is named and has a digest, and what has no files says what it is. */
export function checkComplete(each: LockedPackage): void {
  const { name, version, source, files, integrity } = each;
  const who = `${name} ${version}`;
  if (files.length === 0 && (source.kind === "index" || source.kind === "url"))
    throw incomplete(`${who} has no file that could be installed`);
  if (!checked.has(files)) for (const file of files) checkFile(file, who);
  checked.add(files);
  if (each.chosen !== undefined && !files.some(({ filename }) => filename === each.chosen))
    throw incomplete(`${who} has no file \`${each.chosen}\`, which is to be installed`);
  if (source.kind === "git" && !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(source.commit))
    throw incomplete(`${who} names \`${source.commit}\` for a commit`);
  if (integrity && !new RegExp(`^[0-9a-f]{${DIGEST_DIGITS[integrity.kind]}}$`).test(integrity.digest))
    throw incomplete(`${who} has a digest that is none`);
  if (integrity && source.kind === "git" && integrity.digest !== source.commit)
    throw incomplete(`${who} names two different commits`);
  if (integrity && source.kind !== "git" && (integrity.kind !== "tree" || files.length > 0))
    throw incomplete(`${who} has a digest of another kind than its source`);
}

/** Lists of files that were found complete: many locks of one process have the same. */
const checked = new WeakSet<LockedPackage["files"]>();

function checkFile({ filename, kind, sha256, sizeBytes }: DistributionFile, who: string): void {
  if (!isPlainFilename(filename) || archiveKind(filename) !== kind)
    throw incomplete(`${who} has a file with the name \`${filename}\``);
  if (sha256 === undefined || !/^(?!(.)\1*$)[0-9a-f]{64}$/.test(sha256))
    throw new PybunError("E_LOCK_INCOMPLETE", `\`${filename}\` of ${who} has no SHA-256`, {
      hints: ["an index that states SHA-256 digests is needed to lock packages from it"],
      context: { package: who, file: filename },
    });
  if (sizeBytes !== undefined && !(Number.isSafeInteger(sizeBytes) && sizeBytes >= 0))
    throw incomplete(`\`${filename}\` of ${who} has ${sizeBytes} for a size`);
}

const incomplete = (message: string): PybunError => new PybunError("E_LOCK_INCOMPLETE", message);

/** `E_LIMIT`: what the file's layout, or LIM-01, has no room for. */
export const tooLarge = (what: string): PybunError =>
  new PybunError("E_LIMIT", `the lock can't be written: ${what}`, { context: { limits: LOCK_LIMITS } });
