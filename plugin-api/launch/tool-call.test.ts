import { test } from "uvu";
import * as assert from "uvu/assert";
import { readToolCall } from "./tool-call.ts";

const CALLS: readonly (readonly [typed: string, words: string | undefined, args?: string])[] = [
  ["ruff check .", "x ruff", "check ."],
  ["--reuse ruff --reuse", "x --reuse ruff", "--reuse"],
  ["--python 3.12 --from=httpie http --version", "x --python 3.12 --from=httpie http", "--version"],
  ["--python /usr/bin/python3 --with rich ruff==1.0", "x --python /usr/bin/python3 --with rich ruff==1.0", ""],
  ["-v ruff", undefined],
  ["--dry-run ruff", undefined],
  ["--reuse=1 ruff", undefined],
  ["--with ./here ruff", undefined],
  ["./tool.py", undefined],
  [".", undefined],
  ["https://example.org/tool.py", undefined],
  ["--from", undefined],
  ["--reuse", undefined],
  ["", undefined],
];
for (const [typed, words, args] of CALLS)
  test(`x ${typed}`, () => {
    const call = readToolCall(typed.split(" ").filter(Boolean));
    assert.is(call?.words.join(" "), words);
    if (words !== undefined) assert.is(call?.args.join(" "), args);
  });

test.run();
