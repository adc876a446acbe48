import fs from "node:fs";
import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import { ProjectChanges } from "../../plugin-api/project/change.ts";
import { parsePyproject } from "../../plugin-api/project/parse-pyproject.ts";
import { isTable, openProjectText, type Table } from "../../plugin-api/project/project-text.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { digestOf } from "../../plugin-api/system/journal.ts";
import type { ChangedFile } from "../../plugin-api/system/project-change.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { counted } from "../../plugin-api/text/units.ts";
import { openToml } from "../../plugin-api/toml-document.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { type importConfig as spec, TOOLS, type Tool } from "./commands.ts";
import type { Draft, Left } from "./draft.ts";
import { lineDiff } from "./line-diff.ts";

/** SPEC PIP-03. */
const importConfig: RunOf<typeof spec> = async (options, [typed], session) => {
  const { projectRoot, home } = await session.use(Host);
  const root = projectRoot ?? session.cwd;
  const show = (file: string): string => showPath(file, { cwd: session.cwd, home });
  const file = path.join(root, "pyproject.toml");
  const before = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  const was = digestOf(file);
  const table = before === "" ? {} : openProjectText(before, { file, shown: show(file) }).table;
  const tool = toolOf(typed, { root, table });
  const made = await converted(tool, { root, before, table, show });
  check(made.text, { file, shown: show(file), tool });
  const project = parsePyproject(made.text, { file, shown: show(file) });
  const isSame = made.text === before;
  if (!isSame && !options.dryRun) await write({ root, files: [{ file, content: made.text, was }] }, session);
  const diff = lineDiff(before, made.text);
  const left = made.left.map((each) => ({ file: show(made.from), ...each }));
  const lock = lockOf(tool, root);
  return {
    exitCode: 0,
    data: {
      tool,
      file,
      dependencies: project.dependencies.length,
      groups: [...project.groups.keys()],
      left,
      diff,
      up_to_date: isSame,
      dry_run: options.dryRun,
    },
    text: (ui) => {
      const shown = diff.map((line) =>
        line.startsWith("+") ? ui.add(line) : line.startsWith("-") ? ui.del(line) : ui.dim(line),
      );
      const stays = left.map(({ file: at, line, key, reason }) => ` = ${at}:${line} ${ui.name(key)}: ${reason}`);
      const counts = `${counted(project.dependencies.length, "dependency", "dependencies")}, ${counted(project.groups.size, "group")}`;
      const verb = isSame ? "Up to date" : options.dryRun ? "Would convert" : "Converted";
      const words = isSame ? `: ${show(file)}` : ` ${show(file)} from ${tool}: ${counts}`;
      const rest = left.length === 0 ? "" : `, ${left.length} left as ${left.length === 1 ? "it is" : "they are"}`;
      return [...(options.dryRun ? shown : []), ...stays, `${ui.ok(verb)}${words}${rest}`].join("\n");
    },
    nextActions:
      lock === undefined
        ? []
        : [{ command: ["pybun", "lock", "--import", lock], why: "keeps the versions that are locked" }],
  };
};
export default importConfig;

interface Place {
  readonly root: string;
  readonly table: Table;
}

/** The tool that is named, else the one whose tables or files are there. Throws `E_USAGE`, `E_MIGRATE_NOTHING`. */
function toolOf(typed: string | undefined, { root, table }: Place): Tool {
  const tools = isTable(table["tool"]) ? table["tool"] : {};
  const has = (tool: Tool): boolean =>
    tool === "pipenv" ? fs.existsSync(path.join(root, "Pipfile")) : isTable(tools[tool]);
  const found = TOOLS.filter(has);
  const tool = TOOLS.find((each) => each === typed);
  if (typed !== undefined && tool === undefined)
    throw usageError("config import", `\`${typed}\` is no tool that is known: ${TOOLS.join(", ")}`);
  const chosen = tool ?? (["poetry", "pdm", "pipenv", "uv"] as const).find((each) => found.includes(each));
  if (chosen !== undefined && found.includes(chosen)) return chosen;
  const what = chosen === undefined ? "of uv, Poetry, PDM or Pipenv" : `of ${chosen}`;
  throw new PybunError("E_MIGRATE_NOTHING", `there is nothing ${what} to convert in this project`, {
    evidence: [chosen === "pipenv" ? "no Pipfile" : `no table of it in pyproject.toml`],
    hints: found[0] === undefined ? [] : [`there is something of ${found[0]}: \`pybun config import ${found[0]}\``],
  });
}

interface Made {
  readonly text: string;
  readonly left: readonly Left[];
  /** File that `left` is about. */
  readonly from: string;
}

interface Given extends Place {
  readonly before: string;
  readonly show: (file: string) => string;
}

/** Each tool's converter is loaded only when it is asked for. */
async function converted(tool: Tool, { root, before, table, show }: Given): Promise<Made> {
  const from = path.join(root, tool === "pipenv" ? "Pipfile" : "pyproject.toml");
  if (tool === "uv") return { ...(await import("./uv.ts")).convertUv(before), from };
  let draft: Draft;
  if (tool === "pipenv") {
    const text = fs.readFileSync(from, "utf8");
    const source = { document: openToml(text), table: openProjectText(text, { file: from, shown: show(from) }).table };
    draft = (await import("./pipenv.ts")).convertPipfile(source, root, isTable(table["project"]));
  } else {
    const source = { document: openToml(before), table };
    draft =
      tool === "poetry"
        ? (await import("./poetry.ts")).convertPoetry(source)
        : (await import("./pdm.ts")).convertPdm(source);
  }
  const { rewritten } = await import("./render.ts");
  return { text: rewritten(before, draft, tool), left: draft.left, from };
}

/** What comes of it has to be a project that can be read. */
function check(
  text: string,
  { file, shown, tool }: { readonly file: string; readonly shown: string; readonly tool: Tool },
): void {
  try {
    parsePyproject(text, { file, shown });
  } catch (cause) {
    if (!(cause instanceof PybunError || cause instanceof InvalidSyntax)) throw cause;
    throw new PybunError(
      "E_MIGRATE_REFUSED",
      `${shown} can't be converted from ${tool}: what would come of it is no project`,
      {
        // Its lines are those of a text that nobody has seen.
        evidence: [cause.message.replace(/^\S+:\d+ /, ""), "nothing was changed"],
      },
    );
  }
}

async function write(
  { root, files }: { readonly root: string; readonly files: readonly ChangedFile[] },
  session: Session,
): Promise<void> {
  const scope = { extra: [], group: [], package: [] };
  await (await session.use(ProjectChanges)).apply({ root, files, reach: "files", isDryRun: false, ...scope });
}

const LOCKS: Readonly<Record<Tool, string>> = {
  uv: "uv.lock",
  poetry: "poetry.lock",
  pdm: "pdm.lock",
  pipenv: "Pipfile.lock",
};
const lockOf = (tool: Tool, root: string): string | undefined =>
  fs.existsSync(path.join(root, LOCKS[tool])) ? LOCKS[tool] : undefined;
