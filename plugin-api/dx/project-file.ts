import fs from "node:fs";
import path from "node:path";
import { blake3 } from "../blake3/blake3.ts";
import { type Diagnostic, warning } from "../diagnostic.ts";
import { writeAtomically } from "../system/atomic-file.ts";
import { packDx, unpackDx } from "./dx.ts";
import { HEADER_BYTES, MAGIC, SOURCE_HASH_AT } from "./layout.ts";

/** The text of a project's file, from whichever of its two forms holds. */
export interface ProjectFileText {
  readonly text: string;
  /** Absolute path of the file it is from: `pyproject.toml` or `pyproject.dx`. */
  readonly file: string;
  /** `W_DX_STALE`: the binary form is there, and not made from the TOML as it is now. */
  readonly stale?: Diagnostic;
}

const TOML = "pyproject.toml";
const BINARY = "pyproject.dx";

/**
 * The text of the project in a folder (SPEC PDX-04): `pyproject.toml` where it is there, else what `pyproject.dx` holds;
 * undefined where neither is. `show` makes a path fit for messages. Throws `E_DX_INVALID` and `E_FORMAT_VERSION` where only
 * a binary form is there that can't be read, and system errors.
 */
export function readProjectText(
  folder: string,
  show: (file: string) => string = path.basename,
): ProjectFileText | undefined {
  const [toml, binary] = [path.join(folder, TOML), path.join(folder, BINARY)];
  const source = readIfThere(toml);
  // Hardly any project is there in both forms, and an error costs many times what a look does.
  const packed = fs.existsSync(binary) ? readIfThere(binary) : undefined;
  if (source === undefined) {
    if (packed === undefined) return undefined;
    return { text: unpackDx(packed, { path: show(binary) }).text, file: binary };
  }
  const text = source.toString("utf8");
  // Where the hashes agree both forms say the same, and the text needs no unpacking.
  if (packed === undefined || isMadeFrom(packed, source)) return { text, file: toml };
  const stale = warning(
    "W_DX_STALE",
    `${show(binary)} is not made from ${show(toml)} as it is now, and was passed over`,
    {
      file: binary,
      hints: ["make it anew: `pybun dx pack`"],
    },
  );
  return { text, file: toml, stale };
}

function isMadeFrom(packed: Uint8Array, source: Uint8Array): boolean {
  if (packed.length < SOURCE_HASH_AT + 32 || MAGIC.some((byte, index) => packed[index] !== byte)) return false;
  const sourceHash = packed.subarray(HEADER_BYTES, SOURCE_HASH_AT + 32);
  return Buffer.from(blake3(source)).equals(sourceHash);
}

/**
 * Writes a project's text after an edit, each file as a whole: `pyproject.toml` unless the project is in binary form only,
 * and `pyproject.dx` where there is one (SPEC PDX-04). Throws `E_DX_SOURCE` when the text is no TOML, and system errors.
 */
export async function writeProjectText(folder: string, text: string): Promise<void> {
  const [toml, binary] = [path.join(folder, TOML), path.join(folder, BINARY)];
  const packed = fs.existsSync(binary) ? await packDx(Buffer.from(text), { path: TOML }) : undefined;
  if (packed === undefined || fs.existsSync(toml)) writeAtomically(toml, text, { isDurable: true });
  if (packed !== undefined) writeAtomically(binary, packed, { isDurable: true });
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
