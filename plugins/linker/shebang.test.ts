import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { requirePython } from "../../test/harness/python.ts";
import { entryScript, rewriteShebang, shebang } from "./shebang.ts";

let dir = "";
test.before.each(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "shebang-"));
});
test.after.each(() => fs.rmSync(dir, { recursive: true, force: true }));

test("a short plain path stands in the first line", () => {
  assert.is(shebang("/env/bin/python"), "#!/env/bin/python\n");
  assert.is(
    entryScript("/e/python", { module: "a.b", attribute: "C.run" }),
    '#!/e/python\nimport sys\nfrom a.b import C\n\nif __name__ == "__main__":\n    sys.exit(C.run())\n',
  );
});

const FOLDERS = [
  "plain",
  "with blank",
  "tab\there",
  "it's",
  `"quoted"`,
  "$HOME",
  "`id`",
  "back\\slash",
  "new\nline",
  "'''",
  "ends'",
  "größe",
  "x".repeat(200),
];
for (const folder of FOLDERS)
  test(`a script in a folder named ${JSON.stringify(folder)} runs with its own Python`, () => {
    const bin = path.join(dir, folder, "bin");
    fs.mkdirSync(bin, { recursive: true });
    const python = path.join(bin, "python");
    fs.symlinkSync(requirePython().path, python);
    const script = path.join(bin, "tool");
    fs.writeFileSync(script, `${shebang(python)}import sys\nprint(sys.executable, sys.argv[1:], sep="|")\n`, {
      mode: 0o755,
    });
    const { stdout, stderr } = spawnSync(script, ["a b", "c'd"], { encoding: "utf8" });
    assert.is(stdout, `${python}|['a b', "c'd"]\n`, stderr);
    assert.is(stderr, "");
  });

test("only `#!python` and `#!pythonw` are placeholders", () => {
  const rewritten = (text: string) => rewriteShebang(Buffer.from(text), "/e/python")?.toString();
  assert.is(rewritten("#!python\nx"), "#!/e/python\nx");
  assert.is(rewritten("#!pythonw\r\nx"), "#!/e/python\nx");
  assert.is(rewritten("#!python -u\nx"), "#!/e/python\nx");
  assert.is(rewritten("#!/usr/bin/python\nx"), undefined);
  assert.is(rewritten("# !python\n"), undefined);
  assert.is(rewritten(""), undefined);
});

test("what follows the first line stays, byte by byte", () => {
  const body = Buffer.from([0xff, 0xfe, 0, 10, 0x80]);
  const rewritten = Buffer.from(rewriteShebang(Buffer.concat([Buffer.from("#!python\n"), body]), "/e/python") ?? []);
  assert.ok(rewritten.subarray(-body.length).equals(body));
});

test.run();
