import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import type { Report, TextStyle } from "../../plugin-api/report.ts";
import { Host, SettingsTable } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { writeUsersFile } from "../../plugin-api/system/users-file.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { wrap } from "../../plugin-api/text/wrap.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { lazyImport as spec } from "./commands.ts";
import { readPolicy } from "./config-file.ts";
import { generate } from "./generate.ts";
import { DENIED, decide, type LazyPolicy, policyOf } from "./policy.ts";
import { settings } from "./settings.ts";

type Options = Parameters<RunOf<typeof spec>>[0];

const lazyImport: RunOf<typeof spec> = async (options, _operands, session) => {
  const asked = [options.generate || options.output !== undefined, options.check !== undefined, options.showConfig];
  if (asked.filter(Boolean).length > 1)
    throw usageError("lazy-import", "`--generate`, `--check` and `--show-config` exclude each other");
  const policy = policyFor(options, session);
  if (asked[0]) return generated(policy, options, session);
  if (options.check !== undefined) return checked(policy, options.check);
  return shown(policy, options, session);
};
export default lazyImport;

function policyFor(options: Options, session: Session): LazyPolicy {
  const { config, allow, deny, logImports, fallback } = options;
  const base = config === undefined ? policyOf(settingsOf(session, settings)) : readPolicy(config, session.cwd);
  return {
    ...base,
    // Who names a module means it to wait.
    mode: base.mode === "off" && allow.length > 0 ? "profile" : base.mode,
    allow: [...base.allow, ...allow],
    deny: [...base.deny, ...deny],
    logImports: base.logImports || logImports,
    fallback: base.fallback && fallback,
  };
}

async function generated(policy: LazyPolicy, { output }: Options, session: Session): Promise<Report> {
  const code = generate(policy);
  if (output === undefined) return { exitCode: 0, data: { code }, text: () => code };
  const file = path.resolve(session.cwd, output);
  writeUsersFile(file, code);
  const host = await session.use(Host);
  return {
    exitCode: 0,
    data: { path: file },
    text: (ui) => (ui.isQuiet ? "" : `${ui.ok("Wrote")} ${showPath(file, host)}\n`),
  };
}

function checked(policy: LazyPolicy, module: string): Report {
  if (!/^[^\W\d]\w*(\.[^\W\d]\w*)*$/u.test(module))
    throw usageError("lazy-import", `\`${module}\` is no name of a module`);
  const { isLazy, rule, pattern, exceptions } = decide(policy, module);
  const decision = isLazy ? "lazy" : "eager";
  return {
    exitCode: 0,
    data: { module, decision, rule, pattern: pattern ?? null, exceptions },
    text: (ui) => {
      const by =
        pattern === undefined ? rule : rule === "run.lazy.mode" ? `${rule} = "${pattern}"` : `${rule}: ${pattern}`;
      const but = exceptions.map((entry) => `  but for ${entry}\n`).join("");
      return `${ui.name(module)} ${isLazy ? "waits" : "is imported at once"} ${ui.dim(`(${by})`)}\n${but}`;
    },
  };
}

async function shown(policy: LazyPolicy, { config }: Options, session: Session): Promise<Report> {
  const table = await session.use(SettingsTable);
  const origin = config ?? table.get("run.lazy.mode")?.origin.name ?? "built in";
  const { mode, allow, deny, importers, fallback, logImports } = policy;
  return {
    exitCode: 0,
    data: {
      config: { mode, allow, deny, built_in_deny: DENIED, importers, fallback, log_imports: logImports, origin },
    },
    text: (ui) => {
      const rows: readonly (readonly [string, string])[] = [
        ["mode", mode],
        ["allow", allow.join(", ") || "nothing"],
        ["deny", deny.join(", ") || "nothing but the built-in list"],
        ["importers", importers.join(", ")],
        ["fallback", fallback ? "on" : "off"],
        ["log-imports", logImports ? "on" : "off"],
        ["always denied", DENIED.join(", ")],
      ];
      return rows.map(([key, value]) => row(key, value, ui)).join("");
    },
  };
}

const COLUMN = 15;
function row(key: string, value: string, ui: TextStyle): string {
  const width = Number.isFinite(ui.width) ? ui.width : 80;
  const [first = "", ...more] = wrap(value, { width, indent: COLUMN });
  return `${[ui.name(key) + " ".repeat(COLUMN - key.length) + first.trimStart(), ...more].join("\n")}\n`;
}
