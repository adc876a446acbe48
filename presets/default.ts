import { definePreset } from "../plugin-api/preset.ts";
import envCache from "../plugins/env-cache/index.ts";
import help from "../plugins/help/index.ts";
import pep723 from "../plugins/pep723/index.ts";
import python from "../plugins/python/index.ts";
import reportJson from "../plugins/report-json/index.ts";
import reportText from "../plugins/report-text/index.ts";
import runner from "../plugins/runner/index.ts";
import tool from "../plugins/tool/index.ts";

/** The product is this list. Order is the order in which plugins are asked. */
export default definePreset({
  name: "default",
  plugins: [reportText, reportJson, help, python, envCache, pep723, runner, tool],
});
