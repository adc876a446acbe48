import { definePreset } from "../plugin-api/preset.ts";

/** Packages, environments and scripts, without one-off tools and what only those need who extend or wire up the product. */
export default definePreset({
  name: "minimal",
  extends: "default",
  plugins: [],
  without: ["tool", "extensions", "completions", "schema"],
});
