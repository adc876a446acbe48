import { fast, renewals, served } from "./fast.ts";
import { launch } from "./launch.ts";

await launch({
  preset: "default",
  presets: async () => (await import("./shipped.ts")).presets,
  fast,
  renewals,
  served,
});
