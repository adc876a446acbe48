import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { promptText, writeActivation } from "./activation.ts";

interface Shell {
  readonly program: string;
  readonly args: readonly string[];
  readonly script: string;
  /** `source` line, then lines that print what is set before, inside and after. */
  readonly body: (script: string) => string;
}

const posixBody = (script: string): string => `
  PYTHONHOME=/python/home; export PYTHONHOME; PS1='old> '
  before=$PATH
  . ${script}
  echo "$VIRTUAL_ENV"; echo "$VIRTUAL_ENV_PROMPT"; command -v python; echo "home \${PYTHONHOME-unset}"; echo "$PS1"
  . ${script}
  deactivate
  [ "$PATH" = "$before" ] && echo "path restored"
  echo "\${VIRTUAL_ENV-unset} $PYTHONHOME $PS1"
  command -v deactivate || echo "no deactivate"`;

const SHELLS: readonly Shell[] = [
  { program: "bash", args: ["--norc", "-euc"], script: "activate", body: posixBody },
  { program: "zsh", args: ["-f", "-euc"], script: "activate", body: posixBody },
  { program: "dash", args: ["-euc"], script: "activate", body: posixBody },
  {
    program: "fish",
    args: ["--no-config", "-c"],
    script: "activate.fish",
    body: (script) => `
  set -gx PYTHONHOME /python/home
  function fish_prompt; echo -n 'old> '; end
  set before $PATH
  source ${script}
  echo $VIRTUAL_ENV; echo $VIRTUAL_ENV_PROMPT; command -s python; set -q PYTHONHOME; or echo "home unset"; fish_prompt; echo
  source ${script}
  deactivate
  test "$PATH" = (string join : $before); and echo "path restored"
  set -q VIRTUAL_ENV; or echo -n "unset "; echo -n "$PYTHONHOME "; fish_prompt; echo
  functions -q deactivate; or echo "no deactivate"`,
  },
  {
    program: "tcsh",
    args: ["-f", "-c"],
    script: "activate.csh",
    body: (script) => `
  setenv PYTHONHOME /python/home; set prompt = 'old> '
  set before = "$PATH:q"
  source ${script}
  echo "$VIRTUAL_ENV:q"; echo "$VIRTUAL_ENV_PROMPT:q"; which python; if (! $?PYTHONHOME) echo "home unset"; echo "$prompt:q"
  source ${script}
  deactivate
  if ("$PATH:q" == "$before:q") echo "path restored"
  if (! $?VIRTUAL_ENV) echo "unset $PYTHONHOME $prompt:q"
  if ("\`alias deactivate\`" == "") echo "no deactivate"`,
  },
];

/** A tester's nightmare, but a valid path; csh can't have all of it in a script. */
const FOLDERS: Readonly<Record<string, string>> = {
  tcsh: `it's 100% "odd" & !`,
  default: `it's $HOME \`x\` "odd" \\ & !`,
};

for (const { program, args, script, body } of SHELLS) {
  const isThere = spawnSync(program, ["-c", "exit 0"]).status === 0;
  const check = (name: string, run: () => void): void => (isThere ? test(name, run) : test.skip(name, run));
  check(`${program} activates and deactivates an environment with a difficult path`, () => {
    const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "activation-")));
    try {
      const root = path.join(dir, FOLDERS[program] ?? (FOLDERS["default"] as string));
      const bin = path.join(root, "bin");
      fs.mkdirSync(bin, { recursive: true });
      fs.writeFileSync(path.join(bin, "python"), "#!/bin/sh\n", { mode: 0o755 });
      writeActivation(bin, { root, scripts: "bin", prompt: "shop $(touch owned)", isWindows: false });
      fs.symlinkSync(path.join(bin, script), path.join(dir, "activate-link"));
      const { stdout, stderr } = spawnSync(program, [...args, body(path.join(dir, "activate-link"))], {
        encoding: "utf8",
        cwd: dir,
        env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: dir },
      });
      assert.is(stderr, "");
      assert.equal(stdout.split("\n").slice(0, -1), [
        root,
        "shop __touch owned_",
        path.join(bin, "python"),
        "home unset",
        "(shop __touch owned_) old> ",
        "path restored",
        "unset /python/home old> ",
        "no deactivate",
      ]);
    } finally {
      fs.rmSync(dir, { recursive: true, force: true });
    }
  });
}

test("no shell is given anything to evaluate in its prompt", () => {
  assert.is(promptText("a$(b)`c`%d\\e!f"), "a__b__c__d_e_f");
  assert.is(promptText("größe_1.2-x/y @z"), "größe_1.2-x/y @z");
});

test("Windows gets scripts for cmd, with its line ends", () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "activation-"));
  writeActivation(dir, { root: "C:\\100% mine", scripts: "Scripts", prompt: "p", isWindows: true });
  const text = fs.readFileSync(path.join(dir, "activate.bat"), "utf8");
  assert.match(text, 'set "VIRTUAL_ENV=C:\\100%% mine"\r\n');
  assert.ok(fs.existsSync(path.join(dir, "deactivate.bat")));
  fs.rmSync(dir, { recursive: true });
});

test.run();
