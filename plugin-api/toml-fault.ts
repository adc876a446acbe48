import type { TomlError } from "smol-toml";
import type { ErrorDetail } from "./error.ts";

/** What keeps a file from being TOML, for an error about it. */
export interface TomlFault {
  /** To stand behind the file's name: `:3 is not TOML: …`. */
  readonly words: string;
  readonly detail: Required<Pick<ErrorDetail, "line" | "column" | "evidence" | "hints">>;
}

/** Tells what is wrong with a text that smol-toml refused: sides of a merge that nobody chose between by their name. */
export function tomlFault(text: string, { line, column, codeblock, message }: TomlError): TomlFault {
  const evidence = codeblock.split("\n").filter((each) => each.trim() !== "");
  const conflict = text.split("\n").findIndex((each) => /^<{7}(?: |\r?$)/.test(each)) + 1;
  if (conflict > 0) {
    const hints = ["keep one of the two sides between `<<<<<<<` and `>>>>>>>`, and take out the lines that mark them"];
    return { words: `:${conflict} holds a merge conflict`, detail: { line: conflict, column: 1, evidence, hints } };
  }
  const reason = message.split("\n", 1)[0]?.replace("Invalid TOML document: ", "");
  const hints = [`correct line ${line}, and call again`];
  return { words: `:${line} is not TOML: ${reason}`, detail: { line, column, evidence, hints } };
}
