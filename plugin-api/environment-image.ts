import path from "node:path";
import type { EnvironmentStamp, LinkMode } from "./model/environment.ts";
import type { Interpreter } from "./model/interpreter.ts";

/**
 * All of an environment but what every new one has: enough to make it again, at any place on this machine, without asking
 * what belongs where. JSON data; environments of the same packages have the same image, wherever they are.
 */
export interface EnvironmentImage {
  readonly format: 1;
  readonly interpreter: Interpreter;
  /** Site-packages, relative to the root. */
  readonly site: string;
  readonly mode: Exclude<LinkMode, "auto">;
  /** Nobody asked for this very mode. */
  readonly isAutomatic: boolean;
  readonly stamp: Omit<EnvironmentStamp, "format" | "siteMtimeMs" | "plan" | "commands">;
  /** Commands, as RECORD names them. */
  readonly commands: readonly string[];
  readonly entries: readonly ImageEntry[];
  /** By path, relative to the root. */
  readonly parts: Readonly<Record<string, ImageNode>>;
}

/** An entry of the store, and the folders in it that environments link to, relative to its tree. */
export interface ImageEntry {
  /** Absolute. */
  readonly path: string;
  readonly linkedFolders: readonly string[];
}

/**
 * A folder by the names in it; or a place in the store, by the index of its entry and a path in that: linked or filled as a
 * `tree`, a `file`, or a text that is kept there, `copies` being writable ones, and `files` perhaps with their names; or a text
 * in pieces, `null` standing for the root's path.
 */
export type ImageNode =
  | { readonly [name: string]: ImageNode }
  | readonly ["tree" | "files" | "file" | "copied files" | "copied file" | "kept", entry: number, path: string]
  | readonly ["files", entry: number, path: string, folders: string, files: string]
  | readonly ["text" | "executable text", ...pieces: (string | null)[]];

/** Where an image is kept; absolute. */
export const imageFile = (dataDir: string, name: string): string => path.join(dataDir, "images", name);

/** Undefined for what is no image, or one of another version. */
export function decodeImage(text: string): EnvironmentImage | undefined {
  try {
    const image = JSON.parse(text) as Partial<EnvironmentImage> | null;
    return image?.format === 1 ? (image as EnvironmentImage) : undefined;
  } catch {
    return undefined;
  }
}
