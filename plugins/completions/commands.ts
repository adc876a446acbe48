import { commandSpec } from "../../plugin-api/command.ts";

const forShell = (shell: string, examples: readonly (readonly [string, string])[]) =>
  commandSpec({
    summary: `Print a completion script for ${shell}`,
    brief: `print a completion script for ${shell}`,
    options: {},
    examples,
    maturity: "stable",
    group: "More",
    data: { type: "object", properties: { script: { type: "string" } }, required: ["script"] },
  });

export const bash = forShell("bash", [
  ["pybun completions bash > ~/.local/share/bash-completion/completions/pybun", "for every new shell"],
  ['eval "$(pybun completions bash)"', "for this one"],
]);
export const zsh = forShell("zsh", [
  ["pybun completions zsh > ~/.zfunc/_pybun", "with ~/.zfunc in fpath, for every new shell"],
  ['eval "$(pybun completions zsh)"', "for this one, after compinit"],
]);
export const fish = forShell("fish", [
  ["pybun completions fish > ~/.config/fish/completions/pybun.fish", "for every new shell"],
  ["pybun completions fish | source", "for this one"],
]);
export const powershell = forShell("PowerShell", [
  ["pybun completions powershell >> $PROFILE", "for every new shell"],
  ["pybun completions powershell | Out-String | Invoke-Expression", "for this one"],
]);
