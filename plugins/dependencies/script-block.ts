import fs from "node:fs";
import path from "node:path";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { openProjectText } from "../../plugin-api/project/project-text.ts";
import { decodeScript, readScriptMetadata } from "../../plugin-api/python/script-metadata.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { recoverScript } from "../../plugin-api/system/script-change.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";

/** A script whose metadata block (PEP 723) is to be changed. */
export interface ScriptFile {
  /** Absolute; what a link leads to. */
  readonly file: string;
  readonly shown: string;
  readonly was: string;
  /** The block as TOML; empty where the script has none yet. */
  readonly toml: string;
  /** The script with this block in place of its own; comment marks and line ends as the script has them. */
  readonly withBlock: (toml: string) => string;
}

/** Throws `E_PEP723_INVALID`, `E_PROJECT_INVALID`, and `E_FILE_NOT_FOUND` where there is no script. */
export async function openScript(named: string, session: Session): Promise<ScriptFile> {
  const { home } = await session.use(Host);
  const typed = path.resolve(session.cwd, named);
  await recoverScript(typed, session.signal);
  const shown = showPath(typed, { cwd: session.cwd, home });
  const bytes = readScript(typed, shown);
  const text = decodeScript(bytes);
  const raw = bytes.toString("utf8");
  if (!Buffer.from(raw).equals(bytes))
    throw new PybunError("E_PEP723_INVALID", `${shown} is not UTF-8, as a script with a block has to be`, {
      file: shown,
    });
  const block = blockIn(text, shown);
  const newline = raw.includes("\r\n") ? "\r\n" : "\n";
  const lines = raw.split(/\r\n|\r|\n/);
  const withBlock = (toml: string): string => {
    const marked = toml
      .replace(/\n$/, "")
      .split(/\r?\n/)
      .map((line) => (line === "" ? "#" : `# ${line}`));
    if (block) return [...lines.slice(0, block.startLine), ...marked, ...lines.slice(block.endLine - 1)].join(newline);
    const at = headLength(lines);
    const rest = lines.slice(at);
    const gap = rest[0] === undefined || rest[0] === "" ? [] : [""];
    return [...lines.slice(0, at), "# /// script", ...marked, "# ///", ...gap, ...rest].join(newline);
  };
  const toml = block?.toml ?? "";
  // What is wrong with it is told before anything is asked of an index.
  openProjectText("\n".repeat(block?.startLine ?? 0) + toml, { file: typed, shown });
  return { file: fs.realpathSync(typed), shown, was: sha256Of(bytes), toml, withBlock };
}

function readScript(file: string, shown: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EISDIR") throw error;
    throw new PybunError(
      "E_USAGE",
      code === "ENOENT" ? `no file ${shown}, asked for by --script` : `${shown} is a folder`,
      {
        hints: ["see `pybun help add`"],
      },
    );
  }
}

function blockIn(text: string, shown: string) {
  try {
    return readScriptMetadata(text);
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    throw new PybunError("E_PEP723_INVALID", `${shown}: ${error.message}`, { file: shown });
  }
}

/** A line that names the interpreter, and one that names the encoding, stay first (PEP 263). */
function headLength(lines: readonly string[]): number {
  const isHash = lines[0]?.replace(/^\uFEFF/, "").startsWith("#!") === true;
  const at = isHash ? 1 : 0;
  return /^[ \t\f]*#.*?coding[:=][ \t]*[-_.a-zA-Z0-9]+/.test(lines[at] ?? "") ? at + 1 : at;
}
