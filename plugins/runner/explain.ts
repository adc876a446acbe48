import { spawnSync } from "node:child_process";
import type { Acceleration, ChosenEnvironment } from "../../plugin-api/stages.ts";
import { writeOut } from "../../plugin-api/system/write-out.ts";
import source from "./python/pth-cost.py" with { type: "text" };

/** Says on standard error what makes this run faster and what does not, and what the `.pth` files of its Python cost (SPEC RUN-08). */
export function explain(accelerations: readonly Acceleration[], environment: ChosenEnvironment): void {
  const files = pthFiles(environment.python);
  const width = Math.max(...accelerations.map(({ name }) => name.length), ...files.map(([name]) => name.length));
  const lines = [
    ...accelerations.map(
      ({ name, isUsed, reason }) =>
        `${name.padEnd(width)}  ${isUsed ? "used" : "not used"}${reason === "" ? "" : `: ${reason}`}`,
    ),
    ...files.map(([name, ms]) => `${name.padEnd(width)}  ${ms} ms at each start of Python`),
  ];
  writeOut(2, `${lines.join("\n")}\n`);
}

function pthFiles(python: string): readonly (readonly [string, string])[] {
  const { stdout } = spawnSync(python, ["-S", "-c", source], { encoding: "utf8", timeout: 10_000 });
  return (stdout ?? "").split("\n").flatMap((line) => {
    const [name, ms] = line.split("\t");
    return name && ms ? [[name, ms] as const] : [];
  });
}
