import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readWheelParts } from "../../plugin-api/dpp/from-wheel.ts";
import { anyWheel } from "../../test/harness/wheel-arbitraries.ts";
import { recordCuts, writtenRows } from "./cut-record.ts";
import { withoutCuts } from "./record-rows.ts";

const RUNS = { numRuns: Number(process.env["RUNS"] ?? 100) };
const seldom = fc.nat({ max: 9 }).map((number) => number === 0);
const spelling = fc.record({
  isQuoted: seldom,
  lacksSizes: seldom,
  lineEnd: fc.constantFrom("\n", "\r\n"),
  order: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
});

test("the wheel's RECORD without its cuts has the lines that would be written anew", () => {
  let cut = 0;
  const property = fc.property(anyWheel, spelling, (wheel, { isQuoted, lacksSizes, lineEnd, order }) => {
    const parts = readWheelParts(wheel.bytes, wheel.filename);
    const lines = Buffer.from(parts.documents.RECORD).toString().trimEnd().split("\n");
    const spelled = lines.map((line, i) => {
      const [, quoted, plain = "", rest = ""] = /^(?:"(.*)"|([^",]*))(,.*)$/.exec(line)!;
      const name = quoted ?? plain;
      const needsQuotes = isQuoted || /[",]/.test(name);
      const text = `${needsQuotes ? `"${name}"` : name}${lacksSizes ? rest.replace(/\d+$/, "") : rest}`;
      return [order[i] ?? i, text] as const;
    });
    const text = spelled.toSorted(([a], [b]) => a - b).map(([, line]) => line + lineEnd);
    const record = text.join("");
    const infoDir = parts.files.find(({ scheme }) => scheme === "dist-info")!.path.split("/", 1)[0]!;
    const cuts = recordCuts(record, { infoDir, dataDir: infoDir.replace("dist-info", "data") });
    if (cuts === undefined) return;
    cut++;
    const written = writtenRows({ ...parts, documents: { ...parts.documents, RECORD: Buffer.from(record) } });
    assert.equal(withoutCuts(record, cuts).split("\n").toSorted(), written.split("\n").toSorted());
  });
  fc.assert(property, RUNS);
  if (RUNS.numRuns >= 100) assert.ok(cut > 0, "none could be cut");
});

test.run();
