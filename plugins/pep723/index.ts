import { definePlugin } from "../../plugin-api/plugin.ts";

export default definePlugin({
  name: "pep723",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Scripts that name their own dependencies (PEP 723)",
  maturity: "preview",
  stages: { run: { prepare: { when: ({ kind }) => kind === "script", load: () => import("./prepare.ts") } } },
  docs: "scripts",
});
