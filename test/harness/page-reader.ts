// Makes the reader of ordinary pages: `npm run page-reader`. What comes of it is kept beside its source, so that it is there
// where there is no compiler.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { ALONE, compiler, hasCompiler } from "../../presets/c-compiler.ts";

export { hasCompiler };

const FOLDER = path.resolve(import.meta.dirname, "../../plugin-api/page/reader");
export const READER = path.join(FOLDER, "reader.txt");
const FOR = ["-target", "wasm32-freestanding", "-mcpu=mvp+bulk_memory+simd128"];
// The engine begins by interpreting, and compiles what is small sooner than what is large.
const SMALL = ["-O2", "-fno-inline"];

/** The reader as a WebAssembly module in base64, in lines. */
export function compileReader(): string {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "pybun-reader-"));
  try {
    const file = (name: string): string => path.join(scratch, name);
    const run = compiler(scratch);
    run("cc", ...FOR, ...SMALL, ...ALONE, "-c", path.join(FOLDER, "reader.c"), "-o", file("reader.o"));
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
