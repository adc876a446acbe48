import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace } from "../harness/project.ts";

const has = (shell: string): boolean => spawnSync(shell, ["-c", "exit 0"]).status === 0;

for (const shell of ["bash", "zsh", "fish", "powershell"]) {
  test(
    `a script for ${shell} is printed, and names nested commands and flags`,
    inPlace(async (place) => {
      const { exitCode, stdout, stderr } = await place.run(["completions", shell]);
      assert.equal([exitCode, stderr], [0, ""]);
      for (const word of ["python", "list", "--format", "ndjson"]) assert.match(stdout, word);
    }),
  );
}

(has("bash") ? test : test.skip)(
  "bash offers the subcommands and the values of a flag",
  inPlace(async (place) => {
    const { stdout: script } = await place.run(["completions", "bash"]);
    place.write({ "complete.bash": script });
    const ask = (words: readonly string[]): string => {
      const list = words.map((word) => `'${word}'`).join(" ");
      const program = `source '${path.join(place.cwd, "complete.bash")}'
spec=$(complete -p pybun); function=$(sed -E 's/.*-F ([^ ]+).*/\\1/' <<<"$spec")
COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; COMP_LINE="\${COMP_WORDS[*]}"; COMP_POINT=\${#COMP_LINE}
$function pybun "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return spawnSync("bash", ["--norc", "-c", program], { encoding: "utf8" }).stdout;
    };
    assert.match(ask(["pybun", "pyth"]), /^python/m);
    assert.match(ask(["pybun", "python", ""]), /^pin/m);
    assert.match(ask(["pybun", "--color", ""]), /always/);
  }),
);

test.run();
