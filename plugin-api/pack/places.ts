import path from "node:path";

export const tableFile = (folder: string): string => path.join(folder, "table");
export const lockFile = (folder: string): string => path.join(folder, "lock");
export const packFile = (folder: string, generation: number): string =>
  path.join(folder, `pack-${generation.toString(16).padStart(8, "0")}`);
export const PACK = /^pack-[0-9a-f]{8}$/;
/** A file that holds what a process could not append; its name begins with the time, so that names sort by age. */
export const SEGMENT = /^segment-[0-9a-z]{9}-[0-9a-f]{8}$/;
export const segmentFile = (folder: string, nowMs: number, random: string): string =>
  path.join(folder, `segment-${nowMs.toString(36).padStart(9, "0")}-${random}`);
