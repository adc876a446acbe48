import { commandSpec } from "../../plugin-api/command.ts";
import { options } from "../../plugin-api/option.ts";

const shared = options({
  output: { kind: "text", short: "o", value: "FILE", help: "file to write; `-` for standard output" },
  dryRun: { kind: "flag", help: "say what would be written, and write nothing" },
});
const all = { maturity: "preview", group: "More", operands: "[file]", arity: [0, 1] } as const;

const data = {
  type: "object",
  properties: {
    source: { type: "string" },
    output: { type: ["string", "null"] },
    source_bytes: { type: "integer" },
    bytes: { type: "integer" },
    keeps_layout: { type: "boolean" },
    up_to_date: { type: "boolean" },
    dry_run: { type: "boolean" },
    text: { type: "string" },
  },
  required: ["source", "output", "source_bytes", "bytes", "keeps_layout", "up_to_date", "dry_run"],
};

export const pack = commandSpec({
  ...all,
  summary: "Turn pyproject.toml into its binary form, pyproject.dx",
  brief: "pyproject.toml to pyproject.dx",
  isAct: true,
  options: { ...shared, layout: { kind: "flag", default: true, help: "keep comments and layout" } },
  examples: [
    ["pybun dx pack", "pyproject.toml beside pyproject.dx"],
    ["pybun dx pack --no-layout -o small.dx", "values only"],
  ],
  data,
});

export const unpack = commandSpec({
  ...all,
  summary: "Turn pyproject.dx back into TOML",
  brief: "pyproject.dx to pyproject.toml",
  isAct: true,
  options: { ...shared, force: { kind: "flag", help: "replace a file of another content" } },
  examples: [
    ["pybun dx unpack", "pyproject.toml as it was packed"],
    ["pybun dx unpack -o - other.dx", "to look at it"],
  ],
  data,
});
