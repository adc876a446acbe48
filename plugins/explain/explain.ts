import type { RunOf } from "../../plugin-api/command.ts";
import { type CodeSpec, PybunError } from "../../plugin-api/error.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import { Catalogue } from "../../plugin-api/services.ts";
import { wrap } from "../../plugin-api/text/wrap.ts";
import type * as commands from "./commands.ts";

const explain: RunOf<typeof commands.explain> = async (_options, operands, session) => {
  const { codes } = await session.use(Catalogue);
  const code = (operands[0] as string).toUpperCase();
  const spec = codes.get(code);
  if (!spec) throw unknownCode(code, [...codes.keys()]);
  const { plugin, exitCode = null, summary, cause, example, repair } = spec;
  return {
    exitCode: 0,
    data: { code, plugin, exit_code: exitCode, summary, cause, example, repair },
    text: (ui) => page(code, spec, ui),
  };
};
export default explain;

function page(code: string, spec: CodeSpec & { readonly plugin: string }, ui: TextStyle): string {
  const { plugin, exitCode, summary, cause, example, repair } = spec;
  const rows: readonly (readonly [head: string, text: string])[] = [
    ["Cause", cause],
    ["Example", example],
    ["Repair", repair],
    ["Exit code", exitCode === undefined ? "none, the command goes on" : String(exitCode)],
    ["Plugin", plugin],
  ];
  const lines = rows.flatMap(([head, text]) => {
    const [first = "", ...more] = wrap(text, { width: ui.width, indent: 13 });
    return [`  ${ui.dim(head)}${" ".repeat(11 - head.length)}${first.trimStart()}`, ...more];
  });
  const headline = wrap(`${code}: ${summary}`, { width: ui.width }).join("\n").replace(code, ui.name(code));
  return `${headline}\n\n${lines.join("\n")}\n`;
}

function unknownCode(code: string, known: readonly string[]): PybunError {
  const near = nearest(code, known);
  const command = near === undefined ? undefined : ["pybun", "explain", near];
  return new PybunError("E_USAGE", `no code \`${code}\``, {
    hints: [
      command ? `did you mean: \`${command.join(" ")}\`` : "see the whole list: `pybun schema print --type diagnostic`",
    ],
    ...(command && { fixes: [{ id: "correct-code", applicability: "review", command }] }),
  });
}
