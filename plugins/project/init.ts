import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { type Diagnostic, warning } from "../../plugin-api/diagnostic.ts";
import { Interpreters } from "../../plugin-api/services.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { type Chosen, choose, type Options } from "./choose.ts";
import type { init as spec } from "./commands.ts";
import { makeEnvironment } from "./environment.ts";
import { reportOf } from "./init-report.ts";
import { joinWorkspace } from "./join-workspace.ts";
import { filesOf, type NewFile } from "./new-files.ts";
import { moduleOf } from "./project-name.ts";
import { putInPlace } from "./put-in-place.ts";
import { makeRepository } from "./repository.ts";
import { isThere, lookAround, type Where } from "./where.ts";

/** SPEC PRJ-01, PRJ-02, PRJ-03. */
const init: RunOf<typeof spec> = async (options, [given], session) => {
  refuseContradictions(options, given);
  const { script, bare, vcs, venv, dryRun } = options;
  if (script !== undefined) return (await import("./init-script.ts")).initScript(script, dryRun, session);
  const where = await lookAround(given, session);
  if (isThere(path.join(where.folder, "setup.py")))
    session.emit({ type: "Diagnostic", diagnostic: besidesSetup(where.shown) });
  const interpreter = await (await session.use(Interpreters)).find({});
  const chosen = await choose(options, { where, interpreter }, session);
  const workspace = await joinWorkspace(where, session);
  // A member has all that in its workspace.
  const isFurnished = !bare && workspace === undefined;
  const { files, kept } = besidesThose(
    filesOf({
      ...chosen,
      hasGitFiles: isFurnished,
      ...(isFurnished && { pythonVersion: interpreter.tags.python.join(".") }),
    }),
    { where, chosen },
  );
  session.signal.throwIfAborted();
  if (dryRun) return reportOf({ where, chosen, files, kept, workspace, interpreter, isDryRun: true });
  await putInPlace({ where, files, more: workspace?.files ?? [] }, session);
  const hasRepository = where.isInRepository || vcs === "none" || (vcs === undefined && !isFurnished);
  if (!hasRepository) await makeRepository(where, vcs === "git", session);
  const env = venv && isFurnished ? await makeEnvironment(where.folder, interpreter, session) : undefined;
  return reportOf({ where, chosen, files, kept, workspace, interpreter, env, isDryRun: false });
};
export default init;

function refuseContradictions(options: Options, given: string | undefined): void {
  const { app, lib, script, bare } = options;
  if (app && lib) throw usageError("init", "`--app` and `--lib` exclude each other");
  if (script === undefined) return;
  const others = { "a path": given !== undefined, "`--app`": app, "`--lib`": lib, "`--bare`": bare };
  const other = Object.entries(others).find(([, isGiven]) => isGiven)?.[0];
  if (other !== undefined) throw usageError("init", `\`--script\` makes no project, so ${other} is of no use`);
}

/** Installers read the new file first: what stands only in the old one would be gone from the package without a word. */
const besidesSetup = (shown: string): Diagnostic =>
  warning(
    "W_INIT_SETUP_PY",
    `${path.join(shown, "setup.py")} describes a project already; nothing of it was taken over`,
    {
      evidence: ["pyproject.toml goes before it: name, version, requirements and build backend have to be said there"],
      hints: [
        "to leave that project as it is, remove pyproject.toml and install it as pip does: `pybun pip install -e .`",
      ],
    },
  );

interface Place {
  readonly where: Where;
  readonly chosen: Chosen;
}

/** What is there stays as it is; where there are sources already, no others are put beside them. */
function besidesThose(all: readonly NewFile[], { where: { folder }, chosen: { name } }: Place) {
  const module = moduleOf(name);
  const hasSources = ["src", `${module}.py`, module].some((each) => isThere(path.join(folder, each)));
  const isSample = ([file]: NewFile): boolean => file.includes("/");
  const isFree = (each: NewFile): boolean => !isThere(path.join(folder, each[0])) && !(hasSources && isSample(each));
  const files = all.filter(isFree);
  return { files, kept: all.filter(([file]) => isThere(path.join(folder, file))).map(([file]) => file) };
}
