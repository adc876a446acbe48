import type { BackendName } from "./commands.ts";

export interface Backend {
  /** For `[build-system]` (PEP 518). The lower bounds are the first that know `license = "MIT"` (PEP 639). */
  readonly requires: readonly string[];
  readonly name: string;
  /** Tables that it needs to find the package: name, and their lines. */
  readonly tables: readonly (readonly [table: string, lines: string])[];
}
export type Layout = "src" | "flat";

/** What stands in pyproject.toml for a backend; all but uv's find a package in both layouts by the project's name. */
export function backendOf(name: BackendName, layout: Layout): Backend {
  switch (name) {
    case "hatchling":
      return { requires: ["hatchling>=1.27"], name: "hatchling.build", tables: [] };
    case "setuptools":
      return { requires: ["setuptools>=77"], name: "setuptools.build_meta", tables: [] };
    case "flit":
      return { requires: ["flit_core>=3.12"], name: "flit_core.buildapi", tables: [] };
    case "pdm":
      return { requires: ["pdm-backend>=2.4"], name: "pdm.backend", tables: [] };
    case "poetry":
      return { requires: ["poetry-core>=2.2"], name: "poetry.core.masonry.api", tables: [] };
    case "uv": {
      const tables = layout === "flat" ? [["tool.uv.build-backend", 'module-root = ""'] as const] : [];
      return { requires: ["uv_build>=0.8,<1"], name: "uv_build", tables };
    }
  }
}
