import type { Diagnostic } from "../../plugin-api/diagnostic.ts";
import { topOf } from "../../plugin-api/launch/imports.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { type Project, readProject } from "../../plugin-api/project/read-project.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { Environments, Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { shellJoin } from "../../plugin-api/shell-word.ts";
import type { Invocation } from "../../plugin-api/stages.ts";
import { providerOf } from "./provider.ts";

/** An import that failed, or is about to. */
export interface Failure {
  readonly module: string;
  /** `app.py:3`; undefined where Python is told to run the module itself. */
  readonly place: string | undefined;
  readonly file?: string;
  readonly line?: number;
  readonly invocation: Invocation;
}

/** What is wrong, and what brings the module (cli-text: S16). */
export async function diagnose(failure: Failure, session: Session): Promise<Diagnostic> {
  const { module, place, file, line, invocation } = failure;
  const provider = await providerOf(module, session);
  const about = provider && (await standingOf(provider.name, invocation, session));
  const { words, command } = about
    ? remedyFor(provider.name, about, failure)
    : { words: "is in no package that PyBun knows", command: ["pybun", "module-find", module] };
  const isOther = provider !== undefined && provider.name !== normalizeName(topOf(module));
  const named = `\`${module}\`${isOther ? `, part of package \`${provider.name}\`` : ""}`;
  const id = `${command[1]}-${provider?.name}`;
  const declared = about?.declared;
  return {
    level: "error",
    code: "E_IMPORT_MISSING",
    message:
      place === undefined
        ? `no module ${named}${isOther ? "," : ""} to run: it ${words}`
        : `${place} imports ${named}, which ${words}`,
    hints: [`\`${shellJoin(command)}\``],
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    context: {
      module,
      distribution: provider?.name ?? null,
      declared: declared ? [declared.kind, declared.name].join(" ").trimEnd() : null,
      environment: about?.isInstalled ? "present" : "absent",
      path: invocation.environment?.path ?? null,
    },
    ...(command[1] !== "module-find" && {
      fixes: [{ id, applicability: provider?.isSure ? "machine" : "review", command }],
    }),
  };
}

/** How a distribution stands to what is run. */
interface Standing {
  readonly isInstalled: boolean;
  /** Where it is required: a list of the project, or the script's block; null for nowhere, undefined where there is no such list. */
  readonly declared: Declared | null | undefined;
}
interface Declared {
  readonly kind: "dependencies" | "extra" | "group" | "script";
  readonly name: string;
}

async function standingOf(name: PackageName, invocation: Invocation, session: Session): Promise<Standing> {
  const { projectRoot } = await session.use(Host);
  const installed = await installedIn(invocation, session);
  const isInstalled = installed.has(name);
  if (invocation.pep723) {
    const isListed = invocation.pep723.dependencies.some(
      (text) => normalizeName(/^[\w.-]+/.exec(text)?.[0] ?? "") === name,
    );
    return { isInstalled, declared: isListed ? { kind: "script", name: "" } : null };
  }
  const project = projectRoot === undefined ? undefined : readQuietly(projectRoot, session);
  return { isInstalled, declared: project && declaredIn(project, name) };
}

async function installedIn({ environment }: Invocation, session: Session): Promise<ReadonlySet<string>> {
  try {
    const { installed } = await (await session.use(Environments)).read(environment?.path ?? "");
    return new Set(installed.map((each) => each.name as string));
  } catch {
    return new Set();
  }
}

function readQuietly(root: string, { cwd }: Session): Project | undefined {
  try {
    return readProject(root, { cwd });
  } catch {
    return undefined;
  }
}

function declaredIn({ members }: Project, name: PackageName): Declared | null {
  const has = (list: readonly { readonly requirement: { readonly name: string } }[]): boolean =>
    list.some(({ requirement }) => requirement.name === name);
  for (const { dependencies, optional, groups } of members) {
    if (has(dependencies)) return { kind: "dependencies", name: "" };
    for (const [extra, list] of optional) if (has(list)) return { kind: "extra", name: extra };
    for (const [group, list] of groups) if (has(list)) return { kind: "group", name: group };
  }
  return null;
}

interface Remedy {
  readonly words: string;
  readonly command: readonly string[];
}

/** For who works on a project, not for who uses it. */
const TOOLS: ReadonlySet<string> = new Set(
  "black coverage flake8 ipython isort mypy nox pre-commit pylint pyright pytest ruff sphinx tox".split(" "),
);

function remedyFor(
  name: string,
  { isInstalled, declared }: Standing,
  { module, invocation }: Pick<Failure, "module" | "invocation">,
): Remedy {
  const { kind, target, args, pep723 } = invocation;
  if (isInstalled) return { words: "is installed, but has no such module", command: ["pybun", "module-find", module] };
  if (pep723) return { words: "is not in its block", command: ["pybun", "add", "--script", target, name] };
  if (declared === undefined) {
    const program = { code: ["-c"], module: ["-m"], script: [], stdin: [], command: [] }[kind];
    const command = ["pybun", "run", "--with", name, ...program, target, ...args];
    return { words: "is not installed", command };
  }
  if (declared === null) {
    const flags = kind === "module" && TOOLS.has(name) ? ["--dev"] : [];
    return { words: "is not a dependency", command: ["pybun", "add", ...flags, name] };
  }
  if (declared.kind === "dependencies")
    return { words: "is a dependency, but not installed", command: ["pybun", "sync"] };
  const flag = `--${declared.kind}`;
  const words = `is in ${declared.kind} \`${declared.name}\`, and not installed`;
  return { words, command: ["pybun", "sync", flag, declared.name] };
}
