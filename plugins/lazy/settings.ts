import { options } from "../../plugin-api/option.ts";

export const settings = options({
  lazyMode: {
    kind: "text",
    argv: false,
    choices: ["off", "profile", "all"],
    default: "off",
    key: "run.lazy.mode",
    help: "imports that wait until they are used: none, those of the modules in run.lazy.allow, or all",
  },
  lazyAllow: { kind: "list", argv: false, key: "run.lazy.allow", help: "modules that are imported when first used" },
  lazyDeny: {
    kind: "list",
    argv: false,
    key: "run.lazy.deny",
    help: "modules that are always imported at once, beside the built-in list; importer:module for one importer only",
  },
  lazyImporters: {
    kind: "list",
    argv: false,
    key: "run.lazy.importers",
    help: "modules whose imports may wait; first-party, * for installed ones too, standard-library; default first-party",
  },
  lazyFallback: {
    kind: "flag",
    argv: false,
    default: true,
    key: "run.lazy.fallback",
    help: "import at once what can't wait; without it that is an error",
  },
  lazyLogImports: {
    kind: "flag",
    argv: false,
    key: "run.lazy.log-imports",
    help: "tell on standard error when a module that waited is imported",
  },
});
