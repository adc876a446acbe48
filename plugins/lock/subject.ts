import path from "node:path";
import { warning } from "../../plugin-api/diagnostic.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { projectNotFound } from "../../plugin-api/project/not-found.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { choicesOf } from "./choices.ts";
import { inputsOfProject, type LockInputs } from "./inputs.ts";
import { LockState } from "./state.ts";

/** What a lock is of, and where it lies. */
export interface Subject {
  readonly inputs: LockInputs;
  /** The lock's file; absolute. */
  readonly file: string;
  /** The lock's file, and the file that says what is required, as people see them. */
  readonly shown: { readonly lock: string; readonly from: string };
  /** Files and folders whose change may change the inputs. */
  readonly watched: readonly string[];
  readonly kind: "project" | "workspace" | "script";
  /** Words that must be told again each time. */
  readonly notices: readonly string[];
}
export interface Asked {
  readonly file?: string | undefined;
  readonly script?: string | undefined;
  readonly platform?: string | undefined;
}

/** Reads the project, workspace or script that a call is about. Throws `E_PROJECT_NOT_FOUND`, `E_PROJECT_INVALID`, `E_PEP723_INVALID`. */
export async function subjectOf(asked: Asked, session: Session): Promise<Subject> {
  const host = await session.use(Host);
  const choices = await choicesOf(session, asked.platform);
  const show = (file: string) => showPath(file, { cwd: session.cwd, home: host.home });
  if (asked.script !== undefined) {
    const [{ scriptSubject }, { recoverScript }] = await Promise.all([
      import("./script.ts"),
      import("../../plugin-api/system/script-change.ts"),
    ]);
    await recoverScript(path.resolve(session.cwd, asked.script), session.signal);
    return scriptSubject({ ...asked, script: asked.script }, choices, { cwd: session.cwd, show });
  }
  if (host.projectRoot === undefined) throw projectNotFound("", session.cwd);
  const project = (await session.use(LockState)).project(host.projectRoot);
  for (const notice of project.notices)
    session.emit({ type: "Diagnostic", diagnostic: warning("W_WORKSPACE_MEMBER", notice) });
  for (const diagnostic of project.stale) session.emit({ type: "Diagnostic", diagnostic });
  if (project.name === undefined && !project.isWorkspace)
    throw new PybunError(
      "E_PROJECT_INVALID",
      `${show(project.file)} has no \`[project]\` table, so it requires nothing`,
      {
        file: show(project.file),
        hints: ["add one with a `name` and `dependencies`"],
      },
    );
  const file = path.resolve(session.cwd, asked.file ?? path.join(project.root, "pybun.lockb"));
  return {
    inputs: inputsOfProject(project, choices),
    file,
    shown: { lock: show(file), from: show(project.file) },
    watched: project.watched,
    kind: project.isWorkspace ? "workspace" : "project",
    notices: [...project.notices, ...project.stale.map(({ message }) => message)],
  };
}
