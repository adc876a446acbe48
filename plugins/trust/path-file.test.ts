import { test } from "uvu";
import * as assert from "uvu/assert";
import { isNamespaceFile } from "./namespace-file.ts";
import { readPathFile } from "./path-file.ts";

/** Text of a file, and the lines that some Python executes. */
const CASES: readonly (readonly [text: string, executed: readonly string[]])[] = [
  ["import a\nimport\tb\n", ["1 import a", "2 import\tb"]],
  ["\ufeffimport a", ["1 import a"]],
  ["# import a\n import b\nimportlib\nimport", []],
  ["x\rimport a", ["2 import a"]],
  ["x\r\nimport a", ["2 import a"]],
  ...["\v", "\f", "\u001c", "\u001d", "\u001e", "\u0085", "\u2028", "\u2029"].map(
    (end) => [`# x${end}import a`, ["2 import a"]] as const,
  ),
  [Buffer.from([0x23, 0x85, ...Buffer.from("import a")]).toString(), ["2 import a"]],
];
for (const [text, executed] of CASES)
  test(`what is executed of ${JSON.stringify(text)}`, () => {
    assert.equal(
      readPathFile(text).executed.map((line) => `${line.number} ${line.text}`),
      executed,
    );
  });

const OLDEST =
  "import sys, types, os;p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('a', 'b'));ie = os.path.exists(os.path.join(p,'__init__.py'));m = not ie and sys.modules.setdefault('a.b', types.ModuleType('a.b'));mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p);m and setattr(sys.modules['a'], 'b', m)";

const NAMESPACES: readonly (readonly [what: string, text: string, isNamespace: boolean])[] = [
  ["a line of setuptools", OLDEST, true],
  ["two of them", `${OLDEST}\n${OLDEST.replaceAll("'b'", "'c'").replaceAll("a.b", "a.c")}\n`, true],
  ["nothing", "", false],
  ["a folder beside it", `${OLDEST}\nlib\n`, false],
  ["code beside it", `${OLDEST}\nimport evil\n`, false],
  ["code behind it", `${OLDEST};evil()`, false],
  ["another parent", OLDEST.replace("modules['a']", "modules['os']"), false],
  ["another path", OLDEST.replace("*('a', 'b')", "*('a', '..')"), false],
  ["a name of the standard library", OLDEST.replaceAll("'a'", "'json'").replaceAll("a.b", "json.b"), false],
  ["a name that is code", OLDEST.replaceAll("a.b", "a.b'+f()+'"), false],
];
for (const [what, text, isNamespace] of NAMESPACES)
  test(`${what} is ${isNamespace ? "" : "not "}what setuptools writes`, () => {
    assert.is(isNamespaceFile(text), isNamespace);
  });

test.run();
