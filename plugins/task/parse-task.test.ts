import { test } from "uvu";
import * as assert from "uvu/assert";
import { type PybunError } from "../../plugin-api/error.ts";
import { openProjectText, type Table } from "../../plugin-api/project/project-text.ts";
import { programOf } from "./invocation.ts";
import { inOrder } from "./order.ts";
import { parseTask } from "./parse-task.ts";
import type { Task } from "./task.ts";
import { joinWords, splitWords } from "./words.ts";

const HEAD = '[project]\nname = "p"\n\n[tool.pybun.tasks]\n';

function tasksOf(entries: string): ReadonlyMap<string, Task> {
  const source = openProjectText(HEAD + entries, { file: "/p/pyproject.toml", shown: "pyproject.toml" });
  const { tasks } = (source.table["tool"] as { readonly pybun: { readonly tasks: Table } }).pybun;
  const file = { source, key: ["tool", "pybun", "tasks"] };
  return new Map(Object.entries(tasks).map(([name, value]) => [name, parseTask(name, value, file)]));
}
const taskOf = (entry: string): Task => tasksOf(entry).get("t") as Task;

test("a command is split into its words, and nothing in it is replaced", () => {
  for (const [text, words] of [
    ["ruff check .", ["ruff", "check", "."]],
    [`  a 'b c' "d \\" e" f\\ g ''`, ["a", "b c", 'd " e', "f g", ""]],
    ["echo $HOME *.py 'it'\"'\"'s'", ["echo", "$HOME", "*.py", "it's'".slice(0, 4)]],
    ["", []],
  ] as const)
    assert.equal([splitWords(text), splitWords(joinWords(words))], [words, words], text);
  assert.is(joinWords(["python", "-c", "print('x y')", "*.py"]), `python -c 'print('\\''x y'\\'')' *.py`);
  assert.throws(() => splitWords("a 'b"), /never closed/);
});

test("a text is a command, a table says more", () => {
  assert.equal(taskOf('t = "ruff check"').action, { kind: "cmd", words: ["ruff", "check"] });
  const task = taskOf(
    `t = { cmd = ["a b", "c"], args = ["-q"], env = { PORT = 80, X = "y" }, env-file = ".env", cwd = "sub",
    depends-on = "u", inputs = ["src"], outputs = ["out"], help = "does it" }`.replaceAll("\n", " "),
  );
  assert.equal(task, {
    name: "t",
    origin: "pyproject.toml:5",
    help: "does it",
    action: { kind: "cmd", words: ["a b", "c"] },
    args: ["-q"],
    env: { PORT: "80", X: "y" },
    envFiles: ["/p/.env"],
    cwd: "/p/sub",
    folder: "/p",
    dependsOn: ["u"],
    inputs: ["src"],
    outputs: ["out"],
  });
});

const wrong: readonly (readonly [what: string, entries: string, message: string, hint?: string])[] = [
  ["a list", 't = ["a"]', "pyproject.toml:5 task `t` must be a command or a table"],
  ["an unknown key", 't = { cmd = "a", evn = {} }', "pyproject.toml:5 task `t` has no key `evn`", "did you mean `env`"],
  [
    "another tool's key",
    't = { command = "a" }',
    "pyproject.toml:5 task `t` has no key `command`",
    "did you mean `cmd`",
  ],
  [
    "two actions",
    "[tool.pybun.tasks.t]\ncmd = 'a'\nshell = 'b'",
    "pyproject.toml:7 task `t` has both `cmd` and `shell`",
  ],
  [
    "nothing to do",
    "t = {}",
    "pyproject.toml:5 task `t` does nothing: it has neither a command nor others it depends on",
  ],
  [
    "a number for a text",
    "[tool.pybun.tasks.t]\ncmd = 'a'\ncwd = 1",
    "pyproject.toml:7 task `t` needs a text as `cwd`",
  ],
  [
    "a list of numbers",
    "t = { cmd = 'a', inputs = [1] }",
    "pyproject.toml:5 task `t` needs a list of texts as `inputs`",
  ],
  ["an open quote", `t = "a 'b"`, "pyproject.toml:5 task `t` can't be split into words: a ' is never closed"],
  [
    "outputs of nothing",
    "t = { cmd = 'a', outputs = ['x'] }",
    "pyproject.toml:5 task `t` has outputs without inputs: nothing tells when they are to be made anew",
  ],
  [
    "inputs of a chain",
    "t = { chain = ['u'], inputs = ['x'] }",
    "pyproject.toml:5 task `t` has inputs or outputs, and runs only other tasks",
  ],
];
for (const [what, entries, message, hint] of wrong)
  test(`${what} is refused with its line`, () => {
    try {
      tasksOf(entries);
    } catch (error) {
      const { code, message: said, detail } = error as PybunError;
      assert.equal([code, said], ["E_TASK_INVALID", message]);
      if (hint !== undefined) assert.equal(detail.hints, [hint]);
      return;
    }
    assert.unreachable("it was accepted");
  });

test("tasks come behind those they wait for, and a circle is told with all that are in it", () => {
  const tasks = tasksOf(`a = { cmd = "a", depends-on = ["b", "c"] }\nb = { cmd = "b", depends-on = ["c"] }\nc = "c"
x = { chain = ["c", "y -q"] }\ny = { cmd = "y", depends-on = ["z"] }\nz = { chain = ["x"] }\n`);
  assert.equal(
    inOrder(tasks.get("a") as Task, tasks).map(({ name }) => name),
    ["c", "b", "a"],
  );
  assert.throws(
    () => inOrder(tasks.get("x") as Task, tasks),
    ({ code, detail }: PybunError) => code === "E_TASK_CYCLE" && detail.evidence?.[0] === "x -> y -> z -> x",
  );
});

test("arguments go behind a command, and where a shell's text wants them", () => {
  const shell = (text: string, args: readonly string[]) =>
    programOf({ name: "t", action: { kind: "shell", text } }, args, "linux").args.slice(1);
  assert.equal(shell("a | b", []), ["a | b", "t"]);
  assert.equal(shell("a | b", ["x y"]), ['a | b "$@"', "t", "x y"]);
  assert.equal(shell('a "$1" | b', ["x"]), ['a "$1" | b', "t", "x"]);
  const cmd = programOf({ name: "t", action: { kind: "cmd", words: ["tool.py", "a"] } }, ["b"], "linux");
  assert.equal(cmd, { kind: "script", target: "tool.py", args: ["a", "b"] });
});

test.run();
