import path from "node:path";
import type { EnvironmentStamp, LinkMode } from "./model/environment.ts";
import type { Interpreter } from "./model/interpreter.ts";

/**
 * All of an environment but what every new one has: enough to make it again, at any place on this machine, without asking
 * what belongs where. It holds nothing that the store does not have.
 */
export interface EnvironmentImage {
  readonly format: 1;
  /** Absolute path of the environment it was taken of. */
  readonly root: string;
  readonly interpreter: Interpreter;
  /** Site-packages, relative to the root. */
  readonly site: string;
  readonly mode: Exclude<LinkMode, "auto">;
  /** Nobody asked for this very mode. */
  readonly isAutomatic: boolean;
  readonly stamp: Omit<EnvironmentStamp, "format" | "siteMtimeMs">;
  readonly entries: readonly ImageEntry[];
  /** By path, relative to the root. */
  readonly parts: Readonly<Record<string, ImageNode>>;
  /** Long pieces of texts, UTF-8, one after the other. */
  readonly texts: Uint8Array;
}

/** An entry of the store, and the folders in it that environments link to, relative to its tree. */
export interface ImageEntry {
  /** Absolute. */
  readonly path: string;
  readonly linkedFolders: readonly string[];
}

/**
 * A folder by the names in it; or a place in the store, by the index of its entry and a path in that: linked or filled as a
 * `tree`, a `file`, or a text that is kept there, `copies` being writable ones; or a text, with pieces that depend on where
 * the environment is.
 */
export type ImageNode =
  | { readonly [name: string]: ImageNode }
  | readonly ["tree" | "files" | "file" | "copied files" | "copied file" | "kept", entry: number, path: string]
  | readonly ["text" | "executable text", ...pieces: ImagePiece[]];

/** A text as it is, or its place in `texts`; the root's path; or what RECORD says of another part: hash and size. */
export type ImagePiece =
  | string
  | readonly [start: number, end: number]
  | { readonly is: "root" }
  | { readonly is: "content of"; readonly part: string };

/** Where an image is kept; absolute. */
export const imageFile = (dataDir: string, name: string): string => path.join(dataDir, "images", name);

/** An image as a file has it: a line of JSON, and the long texts. */
export const encodeImage = ({ texts, ...data }: EnvironmentImage): Uint8Array =>
  Buffer.concat([Buffer.from(`${JSON.stringify(data)}\n`), texts]);

/** Undefined for what is no image, or one of another version. */
export function decodeImage(bytes: Buffer): EnvironmentImage | undefined {
  const end = bytes.indexOf(0x0a);
  try {
    const data = JSON.parse(bytes.toString("utf8", 0, end)) as Partial<EnvironmentImage> | null;
    return data?.format === 1 ? ({ ...data, texts: bytes.subarray(end + 1) } as EnvironmentImage) : undefined;
  } catch {
    return undefined;
  }
}
