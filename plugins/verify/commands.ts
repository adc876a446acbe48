import { commandSpec } from "../../plugin-api/command.ts";

const count = { type: "integer" };
const text = { type: "string" };
const part = (properties: Readonly<Record<string, unknown>>) => ({
  type: ["object", "null"],
  properties,
  required: Object.keys(properties),
});

export const verify = commandSpec({
  summary: "Read store, environment and lock again, and compare them with what was installed and locked",
  brief: "check what is installed",
  options: {
    store: {
      kind: "flag",
      help: "the packages of the store; what is damaged is taken out, and fetched again by the next install",
    },
    env: { kind: "flag", help: "the files of the environment used here, and whether it holds what the lock says" },
    lock: { kind: "flag", help: "the project's lock" },
  },
  examples: [
    ["pybun verify", "all three, as far as they are there"],
    ["pybun verify --store", "after the disk has had a fault"],
    ["pybun verify --env --format=json", "for a monitor: exit code 1 when something differs"],
  ],
  maturity: "preview",
  group: "More",
  isAct: true,
  data: {
    type: "object",
    properties: {
      store: part({ entries: count, files: count, bytes: count }),
      env: part({ path: text, packages: count, files: count }),
      lock: part({ path: text, packages: count }),
      findings: {
        type: "array",
        items: {
          type: "object",
          properties: {
            scope: { enum: ["store", "env", "lock"] },
            subject: text,
            path: text,
            problem: text,
            action: { enum: ["removed", "recompiled", "none"] },
          },
          required: ["scope", "subject", "path", "problem", "action"],
        },
      },
    },
    required: ["store", "env", "lock", "findings"],
  },
});
