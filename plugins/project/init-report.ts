import path from "node:path";
import type { NextAction } from "../../plugin-api/event.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Report } from "../../plugin-api/report.ts";
import type { Chosen } from "./choose.ts";
import type { Joined } from "./join-workspace.ts";
import type { NewFile } from "./new-files.ts";
import type { Where } from "./where.ts";

interface Initialised {
  readonly where: Where;
  readonly chosen: Chosen;
  readonly files: readonly NewFile[];
  /** Files that were there, relative to the project's folder. */
  readonly kept: readonly string[];
  readonly workspace: Joined | undefined;
  readonly interpreter: Interpreter;
  readonly env?: string | undefined;
  readonly isDryRun: boolean;
}

/** What was made, or would be (cli-text: a line for what stands in the folder, one for what stands below). */
export function reportOf(made: Initialised): Report {
  const { where, chosen, files, kept, workspace, interpreter, env, isDryRun } = made;
  const created = files.map(([file]) => file);
  return {
    exitCode: 0,
    data: {
      created,
      kept,
      dry_run: isDryRun,
      project: {
        name: chosen.name,
        version: chosen.version,
        root: where.folder,
        requires_python: chosen.requiresPython,
        kind: chosen.kind,
        build_backend: chosen.backend ?? null,
        workspace: workspace?.root ?? null,
        env: env ?? null,
      },
      python: interpreter.version,
    },
    text: (ui) => {
      const lines = [created.filter((file) => !file.includes("/")), created.filter((file) => file.includes("/"))];
      const place = where.shown === "." ? "" : ` in ${where.shown}`;
      const member = workspace ? `, member of the workspace in ${workspace.shown}` : "";
      return [
        ...lines.filter((line) => line.length > 0).map((line) => ` ${ui.add("+")} ${line.join(", ")}`),
        ...kept.map((file) => ` = ${file}  ${ui.dim("there already, left as it is")}`),
        `${ui.ok(isDryRun ? "Would create" : "Created")} project ${ui.name(chosen.name)}${place} ${ui.dim(`with Python ${interpreter.version}${member}`)}`,
      ].join("\n");
    },
    nextActions: isDryRun ? [] : nextSteps(where, chosen),
  };
}

function nextSteps({ shown }: Where, { isBare, backend, kind, name }: Chosen): readonly NextAction[] {
  const run = kind === "app" ? { command: ["pybun", "run", name], why: "run it" } : TEST;
  return [
    ...(shown === "." ? [] : [{ command: ["cd", shown.split(path.sep).join("/")], why: "next" }]),
    ...(backend === undefined || isBare ? [] : [run]),
  ];
}

const TEST: NextAction = { command: ["pybun", "run", "pytest"], why: "run its test" };
