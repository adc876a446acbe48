import type { Fast, Load } from "../plugin-api/command.ts";
import { fastNote } from "./fast-note.ts";
import { type Renew, renewalBy } from "./fast-renewal.ts";
import run from "./fast-run.ts";
import x from "./fast-x.ts";

/**
 * Fast forms of the shipped commands: loading the manifests would already cost more than they save. Those here are in
 * the executable's first module, since loading two more takes as long as all it does.
 */
export const fast: Readonly<Record<string, Load<Fast>>> = {
  run: async () => ({ default: run }),
  x: async () => ({ default: x }),
  lock: async () => ({ default: fastNote("lock") }),
  sync: async () => ({ default: fastNote("sync") }),
  install: async () => ({ default: fastNote("install") }),
  tree: async () => ({ default: fastNote("tree") }),
  why: async () => ({ default: fastNote("why") }),
  export: async () => ({ default: fastNote("export") }),
};

/** Fast forms that make an environment: a daemon that knows that work is quicker still. */
export const renewals: Readonly<Record<string, Renew>> = {
  sync: renewalBy("sync"),
  install: renewalBy("install"),
  venv: renewalBy("venv"),
};

/**
 * Commands that a daemon runs as the process itself would: they begin and end with files and words, or with a program that the
 * process then becomes.
 */
export const served: ReadonlySet<string> = new Set([
  "add",
  "export",
  "install",
  "lock",
  "module-find",
  "outdated",
  "pip",
  "remove",
  "run",
  "sync",
  "tool",
  "tree",
  "upgrade",
  "venv",
  "why",
]);
