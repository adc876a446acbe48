import type { Scenario, Side } from "../scenario.ts";
import { forgetEnvironments, runScript, scriptEnvironments, writeScript } from "../script-scenario.ts";

const jupyter = {
  peer: "uv",
  pairs: 10,
  prepare: (side: Side) => writeScript(side, ["jupyter"], ""),
  reset: forgetEnvironments,
  command: (side: Side) => runScript(side),
  environments: scriptEnvironments,
} as const satisfies Partial<Scenario>;

export const installJupyterTmpfs: Scenario = {
  ...jupyter,
  name: "install-jupyter-tmpfs",
  summary: "jupyter into a new environment, caches warm, in memory",
  target: 0.25,
  on: "tmpfs",
};

export const installJupyterDisk: Scenario = {
  ...jupyter,
  name: "install-jupyter-disk",
  summary: "the same on disk",
  on: "disk",
};

export const installJupyterHardlink: Scenario = {
  ...jupyter,
  name: "install-jupyter-hardlink",
  summary: "jupyter in memory with hard links on both sides",
  on: "tmpfs",
  command: (side) => ({ ...runScript(side), env: { PYBUN_LINK_MODE: "hardlink" } }),
};
