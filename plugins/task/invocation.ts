import type { Invocation } from "../../plugin-api/stages.ts";
import type { Action, Task } from "./task.ts";

/** What a program is started with; the rest of an `Invocation` is how. */
export type Program = Pick<Invocation, "kind" | "target" | "args">;

/** The program of a task's action, with the call's arguments behind its own. Pure. */
export function programOf(
  { name, action }: { readonly name: string; readonly action: Exclude<Action, { readonly kind: "chain" }> },
  args: readonly string[],
  platform: string,
): Program {
  switch (action.kind) {
    case "cmd": {
      const [target = "", ...own] = action.words;
      return { kind: /\.pyw?$/.test(target) ? "script" : "command", target, args: [...own, ...args] };
    }
    case "shell":
      return platform === "win32" ? forWindows(action.text, args) : forShell(action.text, { name, args });
    case "python":
      return { kind: "code", target: codeOf(action.text), args };
  }
}

/** Arguments go where the text wants them, as in a script, else to its end. */
function forShell(text: string, { name, args }: { readonly name: string; readonly args: readonly string[] }): Program {
  const isPlaced = /\$\{?[@*1-9]/.test(text);
  const whole = isPlaced || args.length === 0 ? text : `${text.trimEnd()} "$@"`;
  return { kind: "command", target: "sh", args: ["-c", whole, name, ...args] };
}

const forWindows = (text: string, args: readonly string[]): Program => ({
  kind: "command",
  target: "cmd",
  args: [
    "/d",
    "/s",
    "/c",
    [text.trimEnd(), ...args.map((arg) => (/[\s"]/.test(arg) ? JSON.stringify(arg) : arg))].join(" "),
  ],
});

/** `module:function` is called with the arguments; what it returns is the exit code. Anything else is code as it is. */
function codeOf(text: string): string {
  const [, module, name] = /^\s*([A-Za-z_][\w.]*):([A-Za-z_][\w.]*)\s*$/.exec(text) ?? [];
  if (module === undefined) return text;
  return [
    "import functools, importlib, sys",
    `function = functools.reduce(getattr, "${name}".split("."), importlib.import_module("${module}"))`,
    "sys.exit(function(*sys.argv[1:]))",
  ].join("\n");
}

/** Variables of a task: those of its files, then its own. Throws `E_USAGE` for a file that can't be read. */
export async function variablesOf({ env, envFiles, origin }: Task): Promise<Readonly<Record<string, string>>> {
  if (envFiles.length === 0) return env;
  const { readEnvFiles } = await import("../../plugin-api/system/env-file.ts");
  return { ...readEnvFiles(envFiles, origin), ...env };
}
