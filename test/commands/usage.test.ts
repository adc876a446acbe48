import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace } from "../harness/project.ts";

/** What is typed, and what the answer has to name. */
const mistakes: readonly (readonly [words: readonly string[], told: readonly string[]])[] = [
  [["instal"], ["`instal`"]],
  [
    ["python", "lst"],
    ["`python lst`", "pybun python list"],
  ],
  [
    ["config", "foo"],
    ["`config foo`", "pybun help config"],
  ],
  [["python", "list", "--instaled"], ["--instaled"]],
  [
    ["--colour=always", "python", "list"],
    ["--colour", "--color"],
  ],
  [
    ["--color=blue", "python", "list"],
    ["auto, always or never", "blue"],
  ],
  [
    ["--format=yaml", "python", "list"],
    ["yaml", "json"],
  ],
  [["explain"], ["explain"]],
  [["explain", "E_USAGE", "E_NETWORK"], ["explain"]],
  [["run"], ["run"]],
  [["x"], ["x"]],
  [["--python"], ["--python"]],
  [["python", "list", "surprise"], ["surprise"]],
];

// What people bring from other tools.
const habits: readonly (readonly [words: string, line: string])[] = [
  ["upgrade --package rich", "pybun upgrade rich"],
  ["upgrade --package=rich -P httpx", "pybun upgrade rich -P httpx"],
  ["upgrade --upgrade-package rich", "pybun upgrade rich"],
  ["sync --no-default-groups", "pybun sync --no-dev"],
  ["install --frozen --no-default-groups", "pybun install --frozen --no-dev"],
  ["sync --only-dev", "pybun sync --only-group dev"],
  ["run --no-default-groups app.py", "pybun run --no-dev app.py"],
  ["tree --no-default-groups", "pybun tree --no-dev"],
  ["export --no-dev -o x.txt", "pybun export -o x.txt"],
  ["export --output-file=x.txt", "pybun export --output=x.txt"],
  ["task --list", "pybun task"],
];
const ofHabit = habits.map(([words, line]) => [words.split(" "), [`hint: did you mean: \`${line}\`\n`]] as const);

for (const [words, told] of [...mistakes, ...ofHabit]) {
  test(
    `pybun ${words.join(" ")}`,
    inPlace(async (place) => {
      const { exitCode, stdout, stderr } = await place.run(words);
      assert.equal([exitCode, stdout], [2, ""], stderr);
      assert.match(stderr, /^error\[E_USAGE\]: /);
      for (const text of told) assert.ok(stderr.includes(text), `no ${text} in\n${stderr}`);
    }),
  );
}

test(
  "as JSON a mistake is one envelope, and standard error is empty",
  inPlace(async (place) => {
    for (const words of [
      ["--format=json", "nonsense"],
      ["nonsense", "--format=json"],
      ["run", "--format=json"],
    ]) {
      const result = await place.run(words);
      const envelope = result.json();
      assert.equal([result.exitCode, result.stderr, envelope.status], [2, "", "error"], words.join(" "));
      assert.is(envelope.diagnostics[0]?.code, "E_USAGE");
    }
  }),
);

test.run();
