import { test } from "uvu";
import * as assert from "uvu/assert";
import { InvalidSyntax } from "../error.ts";
import { parseLicenseExpression } from "./license-expression.ts";

test("expressions are written in canonical spelling", () => {
  const cases = [
    ["mit", "MIT"],
    ["apache-2.0 or (mit AND bsd-3-clause)", "Apache-2.0 OR (MIT AND BSD-3-Clause)"],
    ["gpl-2.0-only with classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"],
    ["LGPL-2.1+", "LGPL-2.1+"],
    ["licenseref-My-Own.1", "LicenseRef-My-Own.1"],
    ["( MIT )", "(MIT)"],
    ["\x1c(\x85MIT\u3000)", "(MIT)"],
  ] as const;
  for (const [text, expected] of cases) assert.is(parseLicenseExpression(text), expected, text);
});

test("malformed expressions are refused", () => {
  const invalid = [
    "",
    "MIT OR",
    "AND MIT",
    "MIT ISC",
    "(MIT",
    "MIT)",
    "()",
    "MIT (ISC)",
    "Beer",
    "MIT WITH",
    "MIT WITH Beer",
    "(MIT) WITH Classpath-exception-2.0",
    "MIT WITH Classpath-exception-2.0 WITH Classpath-exception-2.0",
    "LicenseRef-",
    "LicenseRef-a_b",
    "LicenseRef-a+",
  ];
  for (const text of invalid) {
    assert.throws(
      () => parseLicenseExpression(text),
      (error: unknown) => error instanceof InvalidSyntax,
      text,
    );
  }
});

test.run();
