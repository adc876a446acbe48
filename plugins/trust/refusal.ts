import { PybunError } from "../../plugin-api/error.ts";
import { counted } from "../../plugin-api/text/units.ts";
import type { Hook } from "./hook.ts";

/** What one package brings and nobody agreed to. */
export interface Brought {
  readonly name: string;
  readonly version: string;
  readonly hooks: readonly [Hook, ...Hook[]];
  /** The installed version of it that did not bring this. */
  readonly since?: string;
}

/** What happened, in one sentence with the names. */
export function headline(brought: readonly Brought[]): string {
  const [first, ...others] = brought as readonly [Brought, ...Brought[]];
  const more = others.length === 0 ? "" : ` and ${counted(others.length, "other package")}`;
  const verb = others.length === 0 ? "brings" : "bring";
  const isCode = brought.some(({ hooks }) => hooks.some(({ kind }) => kind === "code"));
  const what = isCode ? "code that runs at every start of Python" : "modules with names of the standard library";
  const since = others.length === 0 && first.since !== undefined ? `, which ${first.since} did not` : "";
  return `${first.name} ${first.version}${more} ${verb} ${what}${since}`;
}

/** A row for each hook: whose it is where there are several packages, the file, and the line that runs. */
export function rows(brought: readonly Brought[]): readonly string[] {
  return brought.flatMap(({ name, version, hooks, since }) => {
    const before = since === undefined || brought.length === 1 ? "" : `, which ${since} did not bring`;
    const whose = brought.length === 1 ? "" : `${name} ${version}${before}: `;
    return hooks.map((hook) => `${whose}${rowOf(hook)}`);
  });
}

function rowOf({ file, kind, line, lineNumber }: Hook): string {
  if (kind === "shadow") return `${file} has the name of a module of the standard library`;
  return line === "" ? `${file}, compiled` : `${file}${lineNumber === undefined ? "" : `:${lineNumber}`}: ${line}`;
}

/** What a person is asked on a terminal. */
export const question = (brought: Brought): string =>
  `${headline([brought])}:\n${rows([brought])
    .map((row) => `  ${row}\n`)
    .join("")}Agree to exactly this?`;

/** `E_STARTUP_HOOK`. `notCounting`: a file of the project that would allow it. */
export function refusal(brought: readonly Brought[], notCounting: string | undefined): PybunError {
  const words = ["pybun", "trust", "allow-hook", ...brought.map(({ name }) => name)];
  const setting =
    notCounting === undefined
      ? []
      : [`\`security.startup-hooks\` in ${notCounting} does not count: a project can't agree for you`];
  return new PybunError("E_STARTUP_HOOK", headline(brought), {
    evidence: [...rows(brought), ...setting, "nothing was changed"],
    hints: [`if it is what you expect, agree to exactly this: \`${words.join(" ")}\``],
    fixes: [{ id: "allow-startup-hook", applicability: "review", command: words }],
    context: {
      hooks: brought.flatMap(({ hooks, since }) =>
        hooks.map((hook) => ({ ...hook, ...(since !== undefined && { new_since: since }) })),
      ),
    },
  });
}
