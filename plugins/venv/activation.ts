import fs from "node:fs";
import path from "node:path";
import ps1 from "./shells/Activate.ps1" with { type: "text" };
import bat from "./shells/activate.bat" with { type: "text" };
import csh from "./shells/activate.csh" with { type: "text" };
import fish from "./shells/activate.fish" with { type: "text" };
import nu from "./shells/activate.nu" with { type: "text" };
import sh from "./shells/activate.sh" with { type: "text" };
import deactivateBat from "./shells/deactivate.bat" with { type: "text" };

interface Script {
  readonly name: string;
  readonly template: string;
  /** The text as a word of the shell's language, whatever characters it has. */
  readonly quote: (text: string) => string;
}

const posix: readonly Script[] = [
  { name: "activate", template: sh, quote: (text) => `'${text.replaceAll("'", `'\\''`)}'` },
  { name: "activate.fish", template: fish, quote: (text) => `'${text.replace(/[\\']/g, "\\$&")}'` },
  // csh expands `!` inside quotes too.
  { name: "activate.csh", template: csh, quote: (text) => `'${text.replaceAll("'", `'\\''`).replaceAll("!", "\\!")}'` },
  { name: "activate.nu", template: nu, quote: (text) => `"${text.replace(/[\\"]/g, "\\$&")}"` },
  { name: "Activate.ps1", template: ps1, quote: (text) => `'${text.replace(/['‘’‚‛]/g, "$&$&")}'` },
];
const cmd: readonly Script[] = [
  { name: "activate.bat", template: bat, quote: (text) => text.replaceAll("%", "%%") },
  { name: "deactivate.bat", template: deactivateBat, quote: (text) => text },
];

/** What the scripts have to know. */
export interface Activation {
  /** Absolute path of the environment. */
  readonly root: string;
  /** Name of the folder with its executables. */
  readonly scripts: string;
  readonly prompt: string;
  readonly isWindows: boolean;
}

/** Writes the scripts that activate an environment in a shell (SPEC ENV-07) into `directory`. */
export function writeActivation(directory: string, { root, scripts, prompt, isWindows }: Activation): void {
  const shown = promptText(prompt);
  for (const { name, template, quote } of isWindows ? [...posix, ...cmd] : posix) {
    const values: Record<string, string> = { "@ROOT@": quote(root), "@PROMPT@": quote(shown), "@SCRIPTS@": scripts };
    const text = template.replace(/@(?:ROOT|PROMPT|SCRIPTS)@/g, (hole) => values[hole] as string);
    fs.writeFileSync(path.join(directory, name), name.endsWith(".bat") ? text.replaceAll("\n", "\r\n") : text);
  }
}

/** Shells evaluate their prompt: a folder named `$(command)` must not run anything. */
export const promptText = (prompt: string): string => prompt.replace(/[^\p{L}\p{N} ._@+~:/-]/gu, "_");
