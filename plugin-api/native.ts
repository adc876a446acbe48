// Bun alone can give code loaded at run time a module that exists only inside the compiled executable.
import * as api from "./index.ts";

let isRegistered = false;

/** Makes `import … from "pybun/plugin-api"` work in plugins loaded from disk. */
export function registerPluginApi(): void {
  if (isRegistered) return;
  isRegistered = true;
  Bun.plugin({
    name: "pybun/plugin-api",
    setup(build) {
      build.module("pybun/plugin-api", () => ({ exports: { ...api }, loader: "object" }));
    },
  });
}
