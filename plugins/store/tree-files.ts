import type { WheelFile } from "../../plugin-api/archive/wheel-files.ts";
import type { DppFile } from "../../plugin-api/dpp/parts.ts";
import { placeInTree } from "../../plugin-api/dpp/tree-place.ts";

/** A file of a wheel as it lies in the tree of its entry. */
export interface TreeFile extends Pick<WheelFile, "scheme" | "treePath"> {
  /** Its path in the wheel. */
  readonly path: string;
  readonly isExecutable: boolean;
  readonly sizeBytes: number;
  /** 32 bytes. */
  readonly blake3: Uint8Array;
}

/** The files that a record tells of, in its order. */
export const treeFiles = (files: readonly DppFile[]): readonly TreeFile[] =>
  files.map((file) => ({
    ...placeInTree(file),
    path: file.path,
    isExecutable: isExecutable(file.mode),
    sizeBytes: file.sizeBytes,
    blake3: file.blake3,
  }));

/** Any execute bit counts; setuid and the like were dropped by the reader, and write permission ends in the store. */
export const isExecutable = (mode: number): boolean => (mode & 0o111) !== 0;

/** Name of the object that holds a content. */
export const objectKey = (blake3: string, executable: boolean): string => (executable ? `${blake3}-x` : blake3);
