import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { asData, chosen } from "./chosen.ts";
import type { activate as spec } from "./commands.ts";

/** The script a shell takes, and the line that makes it do so. */
const LINES: Readonly<Record<string, (folder: string) => string>> = {
  sh: (folder) => `. ${posixQuoted(`${folder}/activate`)}`,
  fish: (folder) => `source '${`${folder}/activate.fish`.replace(/[\\']/g, "\\$&")}'`,
  csh: (folder) => `source ${posixQuoted(`${folder}/activate.csh`).replaceAll("!", "\\!")}`,
  nu: (folder) => `overlay use "${`${folder}/activate.nu`.replace(/[\\"]/g, "\\$&")}"`,
  powershell: (folder) => `& '${path.join(folder, "Activate.ps1").replace(/['‘’‚‛]/g, "$&$&")}'`,
  cmd: (folder) => `"${path.join(folder, "activate.bat")}"`,
};
const SAME: Readonly<Record<string, string>> = {
  bash: "sh",
  zsh: "sh",
  dash: "sh",
  ksh: "sh",
  tcsh: "csh",
  pwsh: "powershell",
};

const activate: RunOf<typeof spec> = async ({ shell }, _operands, session) => {
  const { selected, around } = await chosen(session);
  const { env, platform } = around.host;
  const named = shell ?? path.basename(env["SHELL"] ?? (platform === "win32" ? "powershell" : "sh"), ".exe");
  const language = SAME[named] ?? named;
  const line = (LINES[language] ?? LINES["sh"])?.(path.dirname(selected.python)) as string;
  return { exitCode: 0, data: { env: asData(selected), shell: language, line }, text: () => line };
};
export default activate;

const posixQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
