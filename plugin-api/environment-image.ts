import path from "node:path";
import type { EnvironmentStamp, LinkMode } from "./model/environment.ts";
import type { Interpreter } from "./model/interpreter.ts";

/**
 * All of an environment but what every new one has: enough to make it again, at any place on this machine, without asking
 * what belongs where. JSON data; environments of the same packages have the same image, wherever they are.
 */
export interface EnvironmentImage {
  readonly format: 3;
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
  /** Folders, relative to the root, those above first. Lines. */
  readonly folders: string;
  /** Files of the store that are linked to, relative to `store`, and where, relative to the root, in turn. Lines. */
  readonly files: string;
  /** Folders of the store that are linked to, absolute, and where, relative to the root, in turn. Lines. */
  readonly trees: string;
  /** A folder that all entries are in; absolute. */
  readonly store: string;
  /** What else there is, by path, relative to the root. */
  readonly parts: Readonly<Record<string, ImageNode>>;
  /** Modules of which there was no bytecode yet: index of the entry, path in that, and place, relative to the root. */
  readonly uncompiled: readonly (readonly [entry: number, path: string, place: string])[];
  /** So had whole folders of files, which are worth another image. */
  readonly lacksBytecode?: true;
}

/** An entry of the store, and the folders in it that environments link to, relative to its tree. */
export interface ImageEntry {
  /** Absolute. */
  readonly path: string;
  readonly linkedFolders: readonly string[];
}

/**
 * A place in the store, by the index of its entry and a path in that: a `file`, or a folder that is filled with `files`, brought
 * in the way of linking or as writable copies, or by the names of what is in it, which is linked then; or a text in pieces, `null`
 * standing for the root's path.
 */
export type ImageNode =
  | readonly ["files" | "file" | "copied files" | "copied file", entry: number, path: string]
  | readonly ["names", entry: number, path: string, folders: string, files: string]
  | readonly ["text" | "executable text", ...pieces: (string | null)[]];

/** Where an image is kept; absolute. */
export const imageFile = (dataDir: string, name: string): string => path.join(dataDir, "images", name);

/** Undefined for what is no image, or one of another version. */
export function decodeImage(text: string): EnvironmentImage | undefined {
  try {
    const image = JSON.parse(text) as Partial<EnvironmentImage> | null;
    return image?.format === 3 ? (image as EnvironmentImage) : undefined;
  } catch {
    return undefined;
  }
}
