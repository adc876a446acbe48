import fs from "node:fs";
import path from "node:path";
import type { Command, Side } from "./scenario.ts";

/** Where each tool keeps the environments of scripts. */
export const scriptEnvironments = (side: Side): string =>
  path.join(side.data, side.tool === "uv" ? "environments-v2" : "pep723-envs");

/** Takes the environments of scripts out of the way, so that the next run makes a new one from its caches. */
export function forgetEnvironments(side: Side): void {
  const folder = scriptEnvironments(side);
  if (fs.existsSync(folder)) side.setAside(folder);
}

/** Writes `script.py` with its requirements. */
export function writeScript(side: Side, dependencies: readonly string[], body: string): void {
  const block = `# /// script\n# dependencies = ${JSON.stringify(dependencies)}\n# ///\n`;
  fs.writeFileSync(path.join(side.cwd, "script.py"), block + body);
}

/** Both tools have the same word for it and find the interpreter first on PATH; the interpreter itself needs none. */
export const runScript = (side: Side, file = "script.py"): Command => ({
  argv: side.tool === "python" ? [file] : ["run", file],
});
