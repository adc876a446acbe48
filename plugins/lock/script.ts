import fs from "node:fs";
import path from "node:path";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import type { RootOwner } from "../../plugin-api/model/lock.ts";
import { parseScriptBlock } from "../../plugin-api/project/parse-pyproject.ts";
import { type Project, withTyped } from "../../plugin-api/project/read-project.ts";
import { decodeScript, readScriptMetadata } from "../../plugin-api/python/script-metadata.ts";
import type { Choices } from "./choices.ts";
import { inputsOfProject } from "./inputs.ts";
import type { Asked, Subject } from "./subject.ts";

export const SCRIPT: RootOwner = { kind: "script", name: "", member: "" };

/** A script's text in place of the one on the disk, and the requirements in it that were typed just now. */
export interface GivenScript {
  readonly text: string;
  readonly typed?: ReadonlySet<string> | undefined;
}

interface Place {
  readonly cwd: string;
  readonly show: (file: string) => string;
}

/** A script with its own dependencies (PEP 723) as what a lock is of (SPEC LOCK-11). Throws `E_PEP723_INVALID`. */
export function scriptSubject(
  asked: Asked & { readonly script: string; readonly given?: GivenScript },
  choices: Choices,
  place: Place,
): Subject {
  const script = path.resolve(place.cwd, asked.script);
  const project = readScriptProject(script, place.show(script), asked.given);
  const file = path.resolve(place.cwd, asked.file ?? `${asked.script}.lockb`);
  return {
    inputs: inputsOfProject(project, choices, SCRIPT),
    file,
    shown: { lock: place.show(file), from: place.show(script) },
    watched: [script],
    kind: "script",
    notices: [],
  };
}

/** The block reads as the `[project]` table of a project in the script's folder, which nobody could name. */
function readScriptProject(script: string, shown: string, given?: GivenScript): Project {
  const { toml, startLine } = blockOf(given?.text ?? textOf(script, shown), shown);
  // As many blank lines as stand before the block, so that the lines told are those of the script.
  const text = "\n".repeat(startLine) + toml;
  const block = withTyped(parseScriptBlock(text, { file: script, shown }), given?.typed);
  return {
    ...block,
    root: path.dirname(script),
    members: [block],
    isWorkspace: false,
    neighbours: [],
    watched: [script],
    notices: [],
    stale: [],
  };
}

function textOf(script: string, shown: string): string {
  const stat = fs.statSync(script, { throwIfNoEntry: false });
  if (!stat?.isFile()) throw new PybunError("E_USAGE", `no file ${shown}, asked for by --script`);
  return decodeScript(fs.readFileSync(script));
}

function blockOf(text: string, shown: string) {
  try {
    const block = readScriptMetadata(text);
    if (block) return block;
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    throw new PybunError("E_PEP723_INVALID", `${shown}: ${error.message}`, { file: shown });
  }
  throw new PybunError("E_PEP723_INVALID", `${shown} names no dependencies: it has no \`# /// script\` block`, {
    file: shown,
  });
}
