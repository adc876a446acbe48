import { definePreset } from "../plugin-api/preset.ts";

/** The product is this list. Order is the order in which plugins are asked. */
export default definePreset({
  name: "default",
  plugins: [],
});
