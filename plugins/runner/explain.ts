import path from "node:path";
import type { Acceleration, ChosenEnvironment } from "../../plugin-api/stages.ts";
import { timePathFiles } from "../../plugin-api/system/path-files.ts";
import { writeOut } from "../../plugin-api/system/write-out.ts";

/** Says on standard error what makes this run faster and what does not, and what the `.pth` files of its Python cost (SPEC RUN-08). */
export function explain(accelerations: readonly Acceleration[], environment: ChosenEnvironment): void {
  const { files } = timePathFiles(environment.python) ?? { files: [] };
  const names = files.map(({ file }) => path.basename(file));
  const width = Math.max(...accelerations.map(({ name }) => name.length), ...names.map((name) => name.length));
  const lines = [
    ...accelerations.map(
      ({ name, isUsed, reason }) =>
        `${name.padEnd(width)}  ${isUsed ? "used" : "not used"}${reason === "" ? "" : `: ${reason}`}`,
    ),
    ...files.map(({ ms }, at) => `${names[at]?.padEnd(width)}  ${ms.toFixed(1)} ms at each start of Python`),
  ];
  writeOut(2, `${lines.join("\n")}\n`);
}
