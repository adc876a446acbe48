import { commandSpec } from "../../plugin-api/command.ts";

const text = { type: "string" };
const texts = { type: "array", items: text };
const flag = { type: "boolean" };

export const lazyImport = commandSpec({
  summary: "Show how imports wait until they are used, or write code that has them wait",
  brief: "imports that wait",
  options: {
    generate: { kind: "flag", help: "print a Python module that does the same where PyBun is not" },
    output: { kind: "text", short: "o", value: "FILE", help: "write that module into a file" },
    check: { kind: "text", value: "MODULE", help: "say whether imports of a module wait, and by which rule" },
    showConfig: { kind: "flag", help: "show the configuration in force" },
    allow: { kind: "list", value: "MODULE", help: "as if run.lazy.allow had it, too" },
    deny: { kind: "list", value: "MODULE", help: "as if run.lazy.deny had it, too" },
    logImports: { kind: "flag", help: "as if run.lazy.log-imports were set" },
    fallback: { kind: "flag", default: true, help: "import at once what can't wait" },
    config: { kind: "text", value: "FILE", help: "take the configuration from a TOML file instead of run.lazy" },
  },
  examples: [
    ["pybun lazy-import --show-config", "what waits, and what never does"],
    ["pybun lazy-import --check pandas", "whether imports of pandas wait"],
    ["pybun lazy-import --generate --allow pandas -o lazy_setup.py", "the same for any Python"],
  ],
  maturity: "preview",
  group: "Run",
  place: 70,
  data: {
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: {
          mode: text,
          allow: texts,
          deny: texts,
          built_in_deny: texts,
          importers: texts,
          fallback: flag,
          log_imports: flag,
          origin: text,
        },
      },
      module: text,
      decision: { enum: ["lazy", "eager"] },
      rule: text,
      pattern: { type: ["string", "null"] },
      exceptions: texts,
      code: text,
      path: text,
    },
  },
});
