import path from "node:path";
import type { Around } from "./places.ts";

const SCRIPTS: Readonly<Record<string, readonly [word: string, script: string]>> = {
  fish: ["source", "activate.fish"],
  csh: ["source", "activate.csh"],
  tcsh: ["source", "activate.csh"],
  nu: ["overlay use", "activate.nu"],
};

/** What activates the environment of a Python in the user's shell, typed in the folder where the command was given. */
export function activationWords(python: string, around: Around): readonly string[] {
  const { cwd, host } = around;
  const { env, platform } = host;
  const scripts = path.dirname(python);
  const folder = scripts.startsWith(cwd + path.sep) ? path.relative(cwd, scripts) : scripts;
  if (platform === "win32") return [path.join(folder, "activate")];
  const [word, script] = SCRIPTS[path.basename(env["SHELL"] ?? "")] ?? [".", "activate"];
  return [...word.split(" "), path.join(folder, script)];
}
