import { MissingImports } from "../../plugin-api/missing-import.ts";
import { API_VERSION, definePlugin, provide } from "../../plugin-api/plugin.ts";
import { codes } from "./errors.ts";

/** Tells whose module it is that a program lacks, and what brings it (SPEC RUN-07). */
export default definePlugin({
  name: "imports",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Tells which package has a module that a program lacks",
  maturity: "preview",
  stages: { run: { prepare: { order: "post", load: () => import("./prepare.ts") } } },
  services: [provide(MissingImports, () => import("./service.ts"))],
  codes,
  permissions: ["run"],
  docs: "scripts",
});
