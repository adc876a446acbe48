import { parse, TomlError } from "smol-toml";
import { blake3 } from "../blake3/blake3.ts";
import { InvalidSyntax, PybunError } from "../error.ts";
import { type DxAbout, decodeDx } from "./decode.ts";
import { encodeDx } from "./encode.ts";
import { LARGEST } from "./layout.ts";
import { tomlOf } from "./to-toml.ts";

/** A text got back from its binary form. */
export interface UnpackedDx {
  readonly text: string;
  /** Byte for byte the text that was packed; false where only its values were kept. */
  readonly isOriginal: boolean;
  /** BLAKE3-256 of the TOML that was packed. */
  readonly sourceHash: Uint8Array;
}

/**
 * A TOML text in its binary form (SPEC PDX-02, PDX-03). `keepsLayout` (default) keeps comments and layout, so that the same
 * bytes come back; without it only values, types and the order of keys do. Throws `E_DX_SOURCE` when the text is no TOML,
 * or beyond what the form holds. Loads a parser with positions, some milliseconds.
 */
export async function packDx(
  source: Uint8Array,
  { path, keepsLayout = true }: DxAbout & { readonly keepsLayout?: boolean },
): Promise<Uint8Array<ArrayBuffer>> {
  if (source.length > LARGEST) throw refused(path, `it has ${source.length} bytes`);
  const { dxTreeOf } = await import("./from-toml.ts");
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(source);
    const tree = dxTreeOf(text);
    return encodeDx(keepsLayout ? tree : { nodes: tree.nodes }, source);
  } catch (error) {
    if (error instanceof InvalidSyntax || error instanceof RangeError) throw refused(path, error.message);
    if (error instanceof TypeError) throw refused(path, "it is not UTF-8");
    throw error;
  }
}

const refused = (path: string, why: string): PybunError =>
  new PybunError("E_DX_SOURCE", `${path} can't be packed: ${why}`, { file: path });

/**
 * The TOML text of a `pyproject.dx` (SPEC PDX-03). Throws `E_DX_INVALID`, also where the text is not the one whose hash is
 * recorded, and `E_FORMAT_VERSION`.
 */
export function unpackDx(bytes: Uint8Array, about: DxAbout): UnpackedDx {
  const { tree, sourceHash, sourceLength } = decodeDx(bytes, about);
  const text = tomlOf(tree);
  const isOriginal = tree.trivia !== undefined;
  if (isOriginal) {
    const source = Buffer.from(text);
    if (source.length !== sourceLength || !Buffer.from(blake3(source)).equals(sourceHash))
      throw new PybunError("E_DX_INVALID", `${about.path} is damaged: its text is not the one that was packed`, {
        file: about.path,
      });
  }
  checkToml(text, about);
  return { text, isOriginal, sourceHash };
}

function checkToml(text: string, { path }: DxAbout): void {
  try {
    parse(text.replace(/^\uFEFF/, ""), { integersAsBigInt: true });
  } catch (error) {
    if (!(error instanceof TomlError) && !(error instanceof RangeError)) throw error;
    const reason = error.message.split("\n", 1)[0];
    throw new PybunError("E_DX_INVALID", `${path} is damaged: what it holds is no TOML: ${reason}`, { file: path });
  }
}
