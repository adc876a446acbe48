import commands from "../../templates/plugin/commands.ts.eta" with { type: "text" };
import hello from "../../templates/plugin/hello.ts.eta" with { type: "text" };
import index from "../../templates/plugin/index.ts.eta" with { type: "text" };
import observe from "../../templates/plugin/observe.ts.eta" with { type: "text" };
import test from "../../templates/plugin/plugin.test.mjs.eta" with { type: "text" };
import readme from "../../templates/plugin/README.md.eta" with { type: "text" };
import settings from "../../templates/plugin/settings.ts.eta" with { type: "text" };
import versions from "../../templates/plugin/versions.ts.eta" with { type: "text" };

/** What a new plugin starts with: file name → template. */
export const templateFiles: Readonly<Record<string, string>> = {
  "README.md": readme,
  "commands.ts": commands,
  "hello.ts": hello,
  "index.ts": index,
  "observe.ts": observe,
  "plugin.test.mjs": test,
  "settings.ts": settings,
  "versions.ts": versions,
};
