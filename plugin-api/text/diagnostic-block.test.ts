import { test } from "uvu";
import * as assert from "uvu/assert";
import { matchesSnapshot } from "../../test/harness/snapshot.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { TextStyle } from "../report.ts";
import cases from "./diagnostic-block.cases.json" with { type: "json" };
import { renderDiagnostic } from "./diagnostic-block.ts";
import { inStyle, textStyle } from "./style.ts";
import { textColumns } from "./wrap.ts";

const ROLES = ["err", "warn", "hint", "cmd", "name", "add", "chg", "del", "ok", "dim"] as const;
const style = (columns: number | undefined): TextStyle =>
  textStyle({
    isTerminal: columns !== undefined,
    hasColor: false,
    isUnicode: columns !== undefined,
    columns: () => columns ?? 80,
    verbosity: 0,
    isQuiet: false,
  });
/** Roles as the guide writes them, so that a snapshot shows them to the reader. */
const marked = (base: TextStyle): TextStyle => ({
  ...base,
  ...Object.fromEntries(ROLES.map((role) => [role, (text: string) => `{${role}}${text}{/}`])),
});
const WIDTHS = [50, 80, 120] as const;
const PIPED = style(undefined);

for (const [name, value] of Object.entries(cases)) {
  const diagnostic = value as Diagnostic;
  test(`${name}: as the guide has it, at every width and in a pipe`, () => {
    const texts = WIDTHS.map((width) => `--- ${width}\n${renderDiagnostic(diagnostic, marked(style(width)))}`);
    matchesSnapshot(
      `diagnostic/${name.replaceAll(/\W+/g, "-")}`,
      `${texts.join("")}--- piped\n${renderDiagnostic(diagnostic, PIPED)}`,
    );
  });

  test(`${name}: a pipe differs from a terminal in colour, wrapping and symbols only, and is ASCII`, () => {
    const terminal = { ...style(80), width: Number.POSITIVE_INFINITY };
    const piped = renderDiagnostic(diagnostic, PIPED);
    assert.is(piped, inStyle(renderDiagnostic(diagnostic, terminal), PIPED));
    assert.match(piped, /^[\n\t -~]*$/);
  });

  test(`${name}: commands in backticks stay whole, prose keeps to the width`, () => {
    const text = renderDiagnostic(diagnostic, style(50));
    for (const [command] of text.matchAll(/`[^`]*`/g)) assert.not.match(command, "\n");
    for (const line of text.split("\n"))
      if (textColumns(line) > 50) assert.ok(line.startsWith("  ") || /^\S* ?`[^`]*`\)?$/.test(line.trim()), line);
  });
}

test("equal diagnostics are counted, and verbose ones show every cause and the rich lines before the hints", () => {
  const diagnostic = cases["repeated causes"] as Diagnostic;
  assert.match(renderDiagnostic(diagnostic, PIPED, { times: 3 }), "`corp` (3 times)\n");
  const verbose = renderDiagnostic(
    { ...diagnostic, hints: ["`pybun doctor`"] },
    { ...PIPED, verbosity: 1 },
    { rich: ["run r-1"] },
  );
  assert.is(verbose.match(/cause: /g)?.length, 4);
  assert.ok(verbose.indexOf("run r-1") > verbose.indexOf("cause: c"));
  assert.ok(verbose.indexOf("run r-1") < verbose.indexOf("hint: "));
});

test.run();
