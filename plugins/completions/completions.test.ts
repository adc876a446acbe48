import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { command, commandSpec } from "../../plugin-api/command.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import { catalogueOf } from "../../test/harness/plugin-session.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import completions from "./index.ts";
import { powershellScript } from "./powershell.ts";
import { treeOf } from "./tree.ts";
import { zshScript } from "./zsh.ts";

const load = () => Promise.reject(new Error("completions load no command"));
const run = commandSpec({
  summary: "Run",
  brief: "run a script, module or command",
  handsOver: true,
  options: {
    with: { kind: "list", help: "add a requirement: it's for this run" },
    linkMode: { kind: "text", choices: ["auto", "tree", "copy"], help: "how to link" },
    isolated: { kind: "flag", help: "use no project" },
    sync: { kind: "flag", default: true, help: "sync first" },
  },
  maturity: "stable",
  group: "Run",
});
const list = commandSpec({
  summary: "List",
  brief: "list interpreters",
  options: { all: { kind: "flag", help: "all of them" } },
  maturity: "stable",
  group: "Python",
});
const sample = definePlugin({
  name: "sample",
  version: "1.0.0",
  apiVersion: 1,
  summary: "",
  maturity: "stable",
  commands: { run: command(run, load), "python list": command(list, load), "python find": command(list, load) },
});
const tree = treeOf(catalogueOf([sample, completions]));

/** Words typed, and what is offered for the last one; `files` stands for the shell's own completion of file names. */
const cases: readonly (readonly [line: string, offered: readonly string[] | "files"])[] = [
  ["pybun ", ["run", "python", "completions"]],
  ["pybun py", ["python"]],
  ["pybun python ", ["list", "find"]],
  ["pybun --offline python l", ["list"]],
  ["pybun --color always python l", ["list"]],
  ["pybun --color ", ["auto", "always", "never"]],
  ["pybun --color=al", ["always"]],
  ["pybun run --link-mode t", ["tree"]],
  ["pybun run --link-mode=", ["auto", "tree", "copy"]],
  ["pybun python list --al", ["--all"]],
  ["pybun run --no-s", ["--no-sync"]],
  ["pybun python list --off", ["--offline"]],
  ["pybun completions f", ["fish"]],
  ["pybun run ap", "files"],
  ["pybun run app.py --li", "files"],
  ["pybun run --with ", "files"],
  ["pybun python list -- --al", "files"],
];

const has = (shell: string): boolean => spawnSync(shell, ["-c", "exit 0"]).status === 0;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "completions-"));
fs.writeFileSync(path.join(folder, "app.py"), "");
const runShell = (shell: string, args: readonly string[]): string => {
  const { stdout, stderr, status } = spawnSync(shell, args, { cwd: folder, encoding: "utf8" });
  assert.is(status, 0, stderr);
  return stdout;
};
test.after(() => fs.rmSync(folder, { recursive: true }));

/** bash is driven through the variables that readline sets; it splits words at `=`. */
function inBash(line: string, separator = / +|(=)/): readonly string[] {
  const words = line.split(separator).filter((word) => word !== undefined);
  const kept = words.filter((word, index) => word !== "" || index === words.length - 1);
  const script = `${bashScript(tree)}
COMP_WORDS=(${kept.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${kept.length - 1}
_pybun
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return runShell("bash", ["--norc", "-c", script])
    .split("\n")
    .filter((word) => word !== "");
}

for (const [line, offered] of cases) {
  const wanted = offered === "files" ? [] : [...offered].sort();
  if (has("bash")) test(`bash: ${line}`, () => assert.equal([...inBash(line)].sort(), wanted));
  if (has("fish"))
    test(`fish: ${line}`, () => {
      const file = path.join(folder, "pybun.fish");
      fs.writeFileSync(file, fishScript(tree));
      const out = runShell("fish", ["--no-config", "-c", `source ${file}; complete -C '${line}'`]);
      const found = out
        .split("\n")
        .flatMap((row) => (row === "" ? [] : [row.split("\t")[0]?.replace(/^--[\w-]+=/, "") as string]));
      if (offered === "files")
        assert.not.ok(
          found.some((word) => /^(?:-|run|list|auto)/.test(word)),
          found.join(" "),
        );
      else assert.equal(found.sort(), wanted);
    });
}

if (has("bash"))
  test("bash: without = among the word breaks the whole word is offered", () => {
    assert.equal(inBash("pybun run --link-mode=t", / +/), ["--link-mode=tree"]);
    assert.equal(inBash("pybun --color=al", / +/), ["--color=always"]);
  });

/** zsh completes only in a terminal, so its own functions are stood in for by ones that print what they are given. */
if (has("zsh"))
  for (const [line, offered] of cases)
    test(`zsh: ${line}`, () => {
      const words = line.split(/ +/);
      const script = `compdef() { : }
_files() { print files }
_describe() { print -l -- "\${(@P)\${@[-1]}}" }
compadd() { print -l -- "\${(@P)\${@[-1]}}" }
compset() { words[CURRENT]="\${words[CURRENT]#*=}" }
${zshScript(tree)}
words=(${words.map((word) => `'${word}'`).join(" ")}); CURRENT=${words.length}
_pybun`;
      const out = runShell("zsh", ["-f", "-c", script])
        .split("\n")
        .filter((row) => row !== "");
      if (offered === "files")
        return assert.ok(out.length === 1 ? out[0] === "files" : line.endsWith("ap"), out.join(" "));
      const last = (words.at(-1) as string).replace(/^--[\w-]+=/, "");
      const found = out.map((row) => (row.split(":")[0] as string).trim()).filter((word) => word.startsWith(last));
      assert.equal(found.sort(), [...offered].sort());
    });

test("PowerShell: the script has every command, option and value, each text in quotes", () => {
  const script = powershellScript(tree);
  assert.match(script, "'python' = @(, @('list', 'list interpreters'); , @('find', 'list interpreters'))");
  assert.match(script, "'run --link-mode' = @('auto', 'tree', 'copy')");
  assert.match(script, "it''s for this run");
});

test.run();
