import { createHash } from "node:crypto";
import * as fc from "fast-check";
import type { Made } from "./wheel.ts";
import { writeZip } from "./zip-writer.ts";

/** Path within its scheme, content and permissions of a file; `stem` becomes that of the wheel. */
interface Member {
  readonly folder: string;
  readonly path: string;
  readonly data: Uint8Array;
  readonly permissions: number;
}

const part = fc.stringMatching(/^[a-zé漢][a-z0-9_é漢 ,]{0,6}[a-z0-9]$/);
const content = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.constant(Buffer.from("x = 1\n".repeat(200))),
  fc.constant(new Uint8Array(0)),
);
const member = fc.record({
  folder: fc.constantFrom(
    "",
    "",
    "",
    ...["scripts", "data", "headers", "purelib", "platlib"].map((s) => `STEM.data/${s}/`),
  ),
  path: fc
    .tuple(fc.array(part, { maxLength: 3 }), part, fc.constantFrom(".py", ".so", ".txt", ".so.1"))
    .map(([folders, name, ending]) => [...folders, name + ending].join("/")),
  data: content,
  permissions: fc.constantFrom(0o644, 0o755, 0o600, 0o444),
});
const members: fc.Arbitrary<readonly Member[]> = fc.uniqueArray(member, { maxLength: 8, selector: ({ path }) => path });
const names = fc.constantFrom("demo", "a", "typing_extensions");
const tags = fc.constantFrom("py3-none-any", "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64");
const requirements = fc.subarray([
  "b",
  "requests[socks]>=2,<3",
  'tomli>=1.1; python_version < "3.11"',
  'c==1.*; extra == "docs"',
  "d @ https://files.example/d-1.0-py3-none-any.whl",
  "no requirement (",
]);

/** Wheels of all schemes, with Unicode names, empty files, shared libraries and dependencies. They can be installed. */
export const anyWheel: fc.Arbitrary<Made> = fc
  .record({ name: names, tags, members, requirements, isPure: fc.boolean(), hasTopLevel: fc.boolean() })
  .map((given) => {
    const stem = `${given.name}-1.0`;
    const info = `${stem}.dist-info`;
    const requires = given.requirements.map((text) => `Requires-Dist: ${text}\n`).join("");
    const text = (path: string, data: string) => ({ path: `${info}/${path}`, data: Buffer.from(data), mode: 0o100644 });
    const files = [
      ...given.members.map(({ folder, path, data, permissions }) => {
        return { path: folder.replace("STEM", stem) + path, data, mode: 0o100000 | permissions };
      }),
      text(
        "METADATA",
        `Metadata-Version: 2.1\nName: ${given.name}\nVersion: 1.0\n${requires}Provides-Extra: docs\n\nText é\n`,
      ),
      text("WHEEL", `Wheel-Version: 1.0\nRoot-Is-Purelib: ${given.isPure}\nTag: ${given.tags}\n`),
      ...(given.hasTopLevel ? [text("top_level.txt", `${given.name}\n`)] : []),
    ];
    const rows = files.map(({ path, data }) => {
      return `"${path}",sha256=${createHash("sha256").update(data).digest("base64url")},${data.length}\n`;
    });
    const record = text("RECORD", `${rows.join("")}${info}/RECORD,,\n`);
    return { filename: `${stem}-${given.tags}.whl`, bytes: writeZip([...files, record]) };
  });
