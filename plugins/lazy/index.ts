import { command } from "../../plugin-api/command.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

export default definePlugin({
  name: "lazy",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Imports that wait until they are used",
  maturity: "preview",
  settings,
  commands: { "lazy-import": command(commands.lazyImport, () => import("./lazy-import.ts")) },
  stages: {
    run: {
      prepare: {
        order: "post",
        when: ({ lazyImports }, { lazyMode }) => lazyImports !== undefined || lazyMode !== "off",
        load: () => import("./prepare.ts"),
      },
      perform: {
        order: "pre",
        when: ({ isLazySuggestion }) => isLazySuggestion === true,
        load: () => import("./suggest.ts"),
      },
    },
  },
  codes,
  permissions: ["run", "write"],
  docs: "lazy-imports",
});
