import { fast, notes, renewals } from "./fast.ts";
import { launch } from "./launch.ts";
import { served } from "./served.ts";

await launch({
  preset: "default",
  presets: async () => (await import("./shipped.ts")).presets,
  fast,
  notes,
  renewals,
  served,
});
