import { buildChain } from "../../plugin-api/build-chain.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { findWorkspaceRoot } from "../../plugin-api/project/find-workspace.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import { type GivenTexts, type Project, readProject } from "../../plugin-api/project/read-project.ts";
import type { SourceMetadata } from "../../plugin-api/python/source-metadata.ts";
import { serviceKey } from "../../plugin-api/service.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { SourceOrder } from "../../plugin-api/source-build.ts";

export interface Supposed {
  readonly texts: GivenTexts;
  readonly typed?: ReadonlySet<string> | undefined;
}

/** Projects that were read in this run, each once. Of use to this plugin only. */
export interface LockState {
  /** Throws what `readProject` throws. */
  project(root: string): Project;
  /** The member in a folder, with the workspace it belongs to. Throws what `readProject` throws. */
  member(folder: string): { readonly project: Project; readonly member: Pyproject } | undefined;
  /** Projects are read anew, with texts in place of those on the disk; requirements in them that were typed just now have no line. */
  suppose(edit: Supposed): void;
  /** What a member's build backend says, asked once. Throws what the stage `build` throws. */
  built(member: Pyproject, interpreter: Interpreter | undefined): Promise<SourceMetadata>;
}
export const LockState = serviceKey<LockState>("lock");

/** Readers of archives, and the hashes these need, are loaded when a backend is asked: each lock would wait for them. */
const ask = async (order: SourceOrder, session: Session): Promise<SourceMetadata> =>
  (await import("../../plugin-api/source-build.ts")).metadataOfSource(order, session);

export default async function openState(session: Session): Promise<LockState> {
  const { home } = await session.use(Host);
  const projects = new Map<string, Project>();
  let given: Supposed | undefined;
  const project = (root: string): Project => {
    const known = projects.get(root) ?? readProject(root, { cwd: session.cwd, ...given });
    projects.set(root, known);
    return known;
  };
  const memberIn = (within: Project, folder: string) => {
    const member = within.members.find((each) => each.folder === folder);
    return member && { project: within, member };
  };
  const built = new Map<string, Promise<SourceMetadata>>();
  return {
    project,
    suppose: (edit) => {
      given = edit;
      projects.clear();
    },
    built: ({ name, folder }, interpreter) => {
      // A build that waits for its own result never ends, so that each chain of builds has its own.
      const key = JSON.stringify([folder, ...buildChain()]);
      const order = { name: name as PackageName, version: "", path: folder, ...(interpreter && { interpreter }) };
      const flight = built.get(key) ?? ask(order, session);
      built.set(key, flight);
      return flight;
    },
    member: (folder) => {
      for (const known of projects.values()) {
        const found = memberIn(known, folder);
        if (found) return found;
      }
      return memberIn(project(findWorkspaceRoot(folder, home) ?? folder), folder);
    },
  };
}
