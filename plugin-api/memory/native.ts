// The executable is mapped, and each part of it that was run or looked at counts as memory of this process from then on: 43 MiB by
// the time a resolution has fetched all it needs, two thirds of them for what is over. Given back they stay in the system's cache
// of files, where they were before, and what is needed again comes back by 64 KiB. All of it takes half a millisecond.
import fs from "node:fs";
import { stays } from "../system/afterwards.ts";

const MADV_DONTNEED = 4;
const C_LIBRARIES = ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`];
const MAPPING = /^([0-9a-f]+)-([0-9a-f]+) (r-[x-])p ([0-9a-f]+) \S+ \S+ +(.*)$/;

interface Part {
  readonly at: number;
  readonly bytes: number;
}

let giveBack: (() => void) | undefined;

/**
 * A command's start is over, and what takes most memory is to come. Nothing is done where a system has no word for it, and in a
 * process that stays: its next command would need all of it again.
 */
export async function startIsOver(): Promise<void> {
  if (giveBack !== undefined || process.platform !== "linux" || stays()) return;
  giveBack = () => {};
  try {
    giveBack = await givingBack(codeParts());
  } catch {}
  giveBack();
}

/** All is here that was to be fetched. Nothing is done where `startIsOver` was not called. */
export function fetchingIsOver(): void {
  giveBack?.();
}

async function givingBack(parts: readonly Part[]): Promise<() => void> {
  const { dlopen } = await import("bun:ffi");
  const calls = { madvise: { args: ["ptr", "u64", "i32"], returns: "i32" } } as const;
  const { madvise } = C_LIBRARIES.flatMap((name) => {
    try {
      return dlopen(name, calls).symbols;
    } catch {
      return [];
    }
  })[0]!;
  return () => {
    for (const { at, bytes } of parts) madvise(at as Parameters<typeof madvise>[0], bytes, MADV_DONTNEED);
  };
}

/** The executable's code, and what stands before it: as nobody can have written to these, they come back as they were. */
function codeParts(): readonly Part[] {
  const program = fs.readlinkSync("/proc/self/exe");
  const mappings = fs.readFileSync("/proc/self/maps", "latin1").split("\n");
  return mappings.flatMap((line) => {
    const [, from = "", to = "", access, offset = "", file] = MAPPING.exec(line) ?? [];
    const isCode = file === program && (access === "r-x" || Number.parseInt(offset, 16) === 0);
    const at = Number.parseInt(from, 16);
    return isCode ? [{ at, bytes: Number.parseInt(to, 16) - at }] : [];
  });
}
