import { definePreset } from "../plugin-api/preset.ts";

/** An example of what an organisation would settle for its people; copy it into a file of your own and add your index. */
export default definePreset({
  name: "enterprise",
  extends: "default",
  plugins: [],
  defaults: {
    // Building a source distribution runs its code; `PYBUN_NO_BUILD=0` allows it for one call.
    "no-build": true,
  },
  locked: {
    // The first index that has a name is the only one asked for it, so nobody outside can claim an internal name.
    "index-strategy": "first-index",
    // Only the plugins that were reviewed into the executable run.
    plugins: [],
  },
});
