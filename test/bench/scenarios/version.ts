import type { Scenario } from "../scenario.ts";

export const version: Scenario = {
  name: "version",
  summary: "--version, against uv",
  peer: "uv",
  pairs: 40,
  on: "tmpfs",
  command: () => ({ argv: ["--version"] }),
};

export const versionFloor: Scenario = {
  name: "version-floor",
  summary: "--version, against an empty program compiled with the same flags",
  peer: "empty",
  target: 1.25,
  pairs: 40,
  on: "tmpfs",
  command: () => ({ argv: ["--version"] }),
};
