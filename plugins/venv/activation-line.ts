import path from "node:path";
import type { Host } from "../../plugin-api/services.ts";

/** How a shell is made to take its script. */
interface Shell {
  readonly words: readonly string[];
  readonly script: string;
  /** A path as a word of the shell's language. */
  readonly quote: (file: string) => string;
}

const posixQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const SH: Shell = { words: ["."], script: "activate", quote: posixQuoted };
const SHELLS: Readonly<Record<string, Shell>> = {
  sh: SH,
  fish: { words: ["source"], script: "activate.fish", quote: (file) => `'${file.replace(/[\\']/g, "\\$&")}'` },
  csh: { words: ["source"], script: "activate.csh", quote: (file) => posixQuoted(file).replaceAll("!", "\\!") },
  nu: { words: ["overlay", "use"], script: "activate.nu", quote: (file) => `"${file.replace(/[\\"]/g, "\\$&")}"` },
  powershell: {
    words: ["&"],
    script: "Activate.ps1",
    quote: (file) => `'${path.normalize(file).replace(/['‘’‚‛]/g, "$&$&")}'`,
  },
  cmd: { words: [], script: "activate.bat", quote: (file) => `"${path.normalize(file)}"` },
};
const SAME: Readonly<Record<string, string>> = {
  bash: "sh",
  zsh: "sh",
  dash: "sh",
  ksh: "sh",
  tcsh: "csh",
  pwsh: "powershell",
};

/** The language of the shell that was named, else of the user's. */
export function shellLanguage(named: string | undefined, { env, platform }: Pick<Host, "env" | "platform">): string {
  const name = named ?? path.basename(env["SHELL"] ?? (platform === "win32" ? "powershell" : "sh"), ".exe");
  return SAME[name] ?? name;
}

/** The line that activates the environment with these executables; in a language that is not known, that of a POSIX shell. */
export function activationLine(folder: string, language: string): string {
  const { words, script, quote } = SHELLS[language] ?? SH;
  return [...words, quote(`${folder}/${script}`)].join(" ");
}

/** The same as words, for whoever quotes them himself. */
export function activationWords(folder: string, language: string): readonly string[] {
  const { words, script } = SHELLS[language] ?? SH;
  return [...words, `${folder}/${script}`];
}
