import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { executablePath } from "../harness/executable.ts";
import type { MirrorProcess } from "./mirror-process.ts";
import type { Scenario, Side } from "./scenario.ts";

/** What all sides share. */
export interface Bench {
  readonly mirror: Omit<MirrorProcess, "stop">;
  readonly python: string;
  readonly programs: Readonly<Record<Scenario["peer"], string>>;
  /** Folder in memory and folder on disk. */
  readonly roots: Readonly<Record<Scenario["on"], string>>;
}

/** A side in folders of its own; every tool gets the same variables, except those that name its caches and its index. */
export function makeSide(bench: Bench, scenario: Scenario, tool: Side["tool"]): Side {
  const root = path.join(bench.roots[scenario.on], scenario.name, tool);
  const [home, cwd, data, aside, temporary] = ["home", "work", "data", "aside", "tmp"].map((name) =>
    path.join(root, name),
  ) as [string, string, string, string, string];
  for (const folder of [home, cwd, aside, temporary]) fs.mkdirSync(folder, { recursive: true });
  const shared = {
    HOME: home,
    PATH: [path.dirname(bench.python), "/usr/bin", "/bin"].join(path.delimiter),
    LANG: "C.UTF-8",
    TMPDIR: temporary,
    SSL_CERT_FILE: bench.mirror.authority,
    // The machine's own settings would give one of the two another index or authority.
    PIP_CONFIG_FILE: os.devNull,
    UV_NO_CONFIG: "1",
  };
  const own =
    tool === "uv"
      ? { UV_CACHE_DIR: data, UV_DEFAULT_INDEX: bench.mirror.url, UV_PYTHON_DOWNLOADS: "never" }
      : // Rows that are about fork servers or the daemon say so.
        { PYBUN_HOME: data, PYBUN_INDEX_URL: bench.mirror.url, PYBUN_ZYGOTE: "off", PYBUN_DAEMON: "off" };
  let count = 0;
  return {
    tool,
    program: tool === "pybun" ? executablePath() : bench.programs[tool],
    cwd,
    data,
    python: bench.python,
    http2Index: bench.mirror.http2Url,
    env: { ...shared, ...own },
    setAside: (file) => fs.renameSync(file, path.join(aside, String(count++))),
  };
}
