import { type Diagnostic, warning } from "../../plugin-api/diagnostic.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { memberAround, readProject } from "../../plugin-api/project/read-project.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { Environments, Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { shellJoin } from "../../plugin-api/shell-word.ts";
import type { Invocation } from "../../plugin-api/stages.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import type { Command } from "./find-command.ts";

/**
 * A warning where a group or an extra of the project that is not installed is named like the command: what PATH led to has
 * another version, and mostly another Python, which sees nothing of the project. Undefined for any other command.
 */
export async function partMissing(
  { target, args, cwd, environment }: Invocation,
  { file }: Command,
  session: Session,
): Promise<Diagnostic | undefined> {
  const { projectRoot, home } = await session.use(Host);
  if (projectRoot === undefined || !environment || !/^[\w.-]+$/.test(target)) return undefined;
  const name = normalizeName(target);
  const part = partWith(name, projectRoot, cwd);
  if (part === undefined) return undefined;
  const { installed } = await (await session.use(Environments)).read(environment.path);
  if (installed.some((one) => one.name === name)) return undefined;
  const [kind, called] = part;
  return warning("W_COMMAND_ELSEWHERE", `\`${target}\` is run from elsewhere, the project's environment has none`, {
    evidence: [
      `it is  ${showPath(file, { cwd, home })}, which may see nothing of the project`,
      `not installed  ${kind} ${called}, which asks for ${name}`,
    ],
    hints: [`run the project's own: \`${shellJoin(["pybun", "run", `--${kind}`, called, target, ...args])}\``],
    context: { command: file, kind, part: called },
  });
}

/** The first group, else extra, that asks for a package. */
function partWith(
  name: PackageName,
  root: string,
  cwd: string,
): readonly [kind: "group" | "extra", called: string] | undefined {
  const project = readProject(root, { cwd });
  const around = project.isWorkspace ? memberAround(project, cwd) : undefined;
  for (const { groups, optional } of around ? [around] : project.members)
    for (const [kind, parts] of [
      ["group", groups],
      ["extra", optional],
    ] as const)
      for (const [called, demands] of parts)
        if (demands.some(({ requirement }) => requirement.name === name)) return [kind, called];
  return undefined;
}
