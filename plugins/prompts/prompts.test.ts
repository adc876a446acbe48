import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { PassThrough } from "node:stream";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createMachine, type FakeMachine } from "../../test/harness/fake-machine.ts";
import { requirePython } from "../../test/harness/python.ts";
import { askYesNo } from "./ask.ts";
import promptsOf from "./prompts.ts";

const test = suite<{ machine: FakeMachine }>("prompts");
test.before.each((context) => {
  context.machine = createMachine();
});
test.after.each(({ machine }) => machine.remove());

const CASES: readonly (readonly [typed: string, safe: boolean, answer: boolean, written: string])[] = [
  ["y\n", false, true, "Go on? [y/N] "],
  ["YES\n", false, true, "Go on? [y/N] "],
  ["n\n", true, false, "Go on? [Y/n] "],
  ["\n", true, true, "Go on? [Y/n] "],
  ["\n", false, false, "Go on? [y/N] "],
  ["", false, false, "Go on? [y/N] \n"],
  ["", true, true, "Go on? [Y/n] \n"],
  ["perhaps\ny\n", false, true, "Go on? [y/N] yes or no? Go on? [y/N] "],
];
for (const [typed, safe, answer, expected] of CASES)
  test(`${JSON.stringify(typed)} with ${safe ? "yes" : "no"} as the safe answer is ${answer}`, async () => {
    const input = new PassThrough();
    let written = "";
    const write = (text: string): void => void (written += text);
    const asked = askYesNo({ question: "Go on?", safe, signal: new AbortController().signal, input, write });
    input.end(typed);
    assert.is(await asked, answer);
    assert.is(written, expected);
  });

test("a stop ends the question", async () => {
  const stop = new AbortController();
  const asked = askYesNo({
    question: "?",
    safe: true,
    signal: stop.signal,
    input: new PassThrough(),
    write: () => undefined,
  });
  stop.abort(new Error("stopped"));
  assert.is(await asked.then(String, (error: Error) => error.message), "stopped");
});

test("off a terminal the safe answer is taken and said once", async ({ machine }) => {
  for (const safe of [true, false]) assert.is(await (await promptsOf(machine.session())).confirm("Go on?", safe), safe);
  const messages = machine.events.map((event) => event.type === "Diagnostic" && event.diagnostic.message);
  assert.equal(
    messages,
    ["yes", "no"].map((answer) => `no terminal to ask \`Go on?\`, so the answer is ${answer}`),
  );
});

test("--yes answers without asking", async ({ machine }) => {
  assert.is(await (await promptsOf(machine.session({ settings: { yes: true } }))).confirm("Go on?", false), true);
  assert.equal(machine.events, []);
});

const DRIVE = `
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
seen = b""
while not seen.rstrip().endswith(b"[y/N]"):
    seen += os.read(fd, 1024)
os.write(fd, b"yx\\x7f\\n")
while True:
    try:
        chunk = os.read(fd, 1024)
    except OSError:
        break
    if not chunk:
        break
    seen += chunk
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), "answer: true" in seen.decode())
`;

test("on a terminal the line can be edited, and the process ends by itself", ({ machine }) => {
  if (process.platform === "win32") return;
  const program = machine.at("work/ask.ts");
  const ask = path.join(import.meta.dirname, "ask.ts");
  fs.writeFileSync(
    program,
    `import { writeSync } from "node:fs";
     import { askYesNo } from ${JSON.stringify(ask)};
     const signal = new AbortController().signal;
     const write = (text) => writeSync(2, text);
     const answer = await askYesNo({ question: "Go on?", safe: false, signal, input: process.stdin, write });
     writeSync(1, "answer: " + answer + "\\n");`,
  );
  const out = execFileSync(requirePython().path, ["-I", "-c", DRIVE, process.execPath, program], {
    encoding: "utf8",
    timeout: 30_000,
  });
  assert.is(out.trim(), "0 True");
});

test.run();
