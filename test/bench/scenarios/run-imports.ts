import fs from "node:fs";
import path from "node:path";
import { executablePath } from "../../harness/executable.ts";
import { forked, warm } from "../forked-scenario.ts";
import { perform, sync, writeLocked } from "../project-scenario.ts";
import type { Command, Scenario, Side } from "../scenario.ts";
import { runScript } from "../script-scenario.ts";

const FIVE = ["numpy", "requests", "pydantic", "flask", "boto3"];

/** The interpreter's side is that of an environment which PyBun made. */
function prepare(side: Side, packages: readonly string[], body: string): void {
  const maker = side.tool === "python" ? { ...side, program: executablePath() } : side;
  writeLocked(maker, packages);
  perform(maker, sync(side));
  fs.writeFileSync(path.join(side.cwd, "app.py"), body);
  warm(side, runScript(side, "app.py"));
}

function run(side: Side): Command {
  if (side.tool !== "python") return forked(runScript(side, "app.py"));
  return { program: path.join(side.cwd, ".venv", "bin", "python"), argv: ["app.py"] };
}

const importing = (name: string, packages: readonly string[], modules = packages): readonly [Scenario, Scenario] => {
  const common = {
    pairs: 15,
    on: "tmpfs",
    prepare: (side: Side) => prepare(side, packages, `import ${modules.join(", ")}\n`),
    command: run,
  } as const satisfies Partial<Scenario>;
  const what = `run a script that imports ${modules.join(", ")}`;
  return [
    { ...common, name: `run-${name}`, summary: what, peer: "python", target: 0.1 },
    { ...common, name: `run-${name}-uv`, summary: "the same, against uv run", peer: "uv" },
  ];
};

export const runImports: readonly Scenario[] = [
  ...importing("imports", FIVE),
  ...importing("pandas", ["pandas"]),
  ...importing("sklearn", ["scikit-learn"], ["sklearn.linear_model"]),
];

/** Programs that are started together. */
const TOGETHER = 8;

export const runTogether: Scenario = {
  name: "run-together",
  summary: `${TOGETHER} scripts that import requests, started at once`,
  peer: "uv",
  target: 0.6,
  pairs: 10,
  on: "tmpfs",
  prepare: (side) => prepare(side, ["requests"], "import requests\n"),
  command: (side) => {
    const script = `for i in $(seq ${TOGETHER}); do "$0" "$@" & done; wait`;
    const { argv, env } = run(side);
    return { program: "/bin/sh", argv: ["-c", script, side.program, ...argv], ...(env && { env }) };
  },
};
