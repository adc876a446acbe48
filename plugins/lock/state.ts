import { findWorkspaceRoot } from "../../plugin-api/project/find-workspace.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import { type Project, readProject } from "../../plugin-api/project/read-project.ts";
import { serviceKey } from "../../plugin-api/service.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";

/** Projects that were read in this run, each once. Of use to this plugin only. */
export interface LockState {
  /** Throws what `readProject` throws. */
  project(root: string): Project;
  /** The member in a folder, with the workspace it belongs to. Throws what `readProject` throws. */
  member(folder: string): { readonly project: Project; readonly member: Pyproject } | undefined;
}
export const LockState = serviceKey<LockState>("lock");

export default async function openState(session: Session): Promise<LockState> {
  const { home } = await session.use(Host);
  const projects = new Map<string, Project>();
  const project = (root: string): Project => {
    const known = projects.get(root) ?? readProject(root, { cwd: session.cwd });
    projects.set(root, known);
    return known;
  };
  const memberIn = (within: Project, folder: string) => {
    const member = within.members.find((each) => each.folder === folder);
    return member && { project: within, member };
  };
  return {
    project,
    member: (folder) => {
      for (const known of projects.values()) {
        const found = memberIn(known, folder);
        if (found) return found;
      }
      return memberIn(project(findWorkspaceRoot(folder, home) ?? folder), folder);
    },
  };
}
