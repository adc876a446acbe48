import { options } from "../../plugin-api/option.ts";

export const settings = options({
  buildIsolation: {
    kind: "flag",
    default: true,
    argv: false,
    env: ["PYBUN_BUILD_ISOLATION"],
    key: "build.isolation",
    help: "build in an environment with what the build requires, and nothing else",
  },
  configSettings: {
    kind: "list",
    argv: false,
    key: "build.config-settings",
    value: "KEY=VALUE",
    help: "settings for all build backends (PEP 517)",
  },
  configSettingsPackage: {
    kind: "table",
    argv: false,
    key: "build.config-settings-package",
    form: "namedTables",
    help: "settings for the build backend of single packages: NAME = { KEY = VALUE }",
  },
});
