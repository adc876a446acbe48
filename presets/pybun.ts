import { notes, ready, renewals } from "./fast.ts";
import { launch } from "./launch.ts";
import { served } from "./served.ts";

await launch({
  preset: "default",
  presets: async () => (await import("./shipped.ts")).presets,
  ready,
  notes,
  renewals,
  served,
});
