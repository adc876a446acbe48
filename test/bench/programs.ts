import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pythons } from "../harness/python.ts";

/** uv from its registry, fetched once with pip into a folder that is kept. */
export function fetchUv(folder: string): { readonly program: string; readonly version: string } {
  const program = path.join(folder, "bin", "uv");
  if (!fs.existsSync(program)) {
    const pip = pythons().find((python) => spawnSync(python.path, ["-m", "pip", "--version"]).status === 0);
    if (pip === undefined) throw new Error("no Python on PATH has pip to fetch uv with");
    execFileSync(pip.path, ["-m", "pip", "install", "--quiet", "--target", folder, "uv"], { stdio: "inherit" });
  }
  return { program, version: execFileSync(program, ["--version"], { encoding: "utf8" }).trim() };
}

/** An empty program, compiled with the switches of the product: what no program can be faster than. */
export function compileEmpty(folder: string): string {
  const source = path.join(folder, "empty.ts");
  const program = path.join(folder, "empty");
  fs.writeFileSync(source, "export {};\n");
  const switches = ["--compile", "--bytecode", "--minify", "--splitting", "--format=esm", "--compile-jit-policy=1000"];
  const safety = ["--no-compile-autoload-bunfig", "--no-compile-autoload-dotenv"];
  execFileSync(
    process.execPath,
    ["build", ...switches, ...safety, "--compile-exec-argv=--experimental-http2-fetch", source, "--outfile", program],
    { cwd: folder, stdio: ["ignore", "ignore", "inherit"] },
  );
  return program;
}
