import { definePreset } from "../plugin-api/preset.ts";

/** An example of what an organisation would settle for its people; copy it into a file of your own. */
export default definePreset({
  name: "enterprise",
  extends: "default",
  plugins: [],
  defaults: {},
  locked: {},
});
