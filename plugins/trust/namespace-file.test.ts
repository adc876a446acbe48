import { test } from "uvu";
import * as assert from "uvu/assert";
import { isNamespaceFile } from "./namespace-file.ts";

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
