// Fast forms of the shipped commands: loading the manifests would already cost more than they save. They are in the executable's
// first module, since loading two more takes as long as all they do.
import { noteOf } from "./fast-note.ts";
import { type Answer, renewalBy } from "./fast-renewal.ts";
import { readyRun } from "./fast-run.ts";
import type { Ready } from "./fast-start.ts";
import { readyTool } from "./fast-x.ts";

/** Commands that become a program that they became before. */
export const ready: Readonly<Record<string, Ready>> = { run: readyRun, x: readyTool };

/** Commands that find nothing to do time and again. */
export const notes: Readonly<Record<string, Answer>> = {
  lock: noteOf("lock"),
  sync: noteOf("sync"),
  install: noteOf("install"),
  tree: noteOf("tree"),
  why: noteOf("why"),
  export: noteOf("export"),
};

/** Fast forms that make an environment: a daemon that knows that work is quicker still. */
export const renewals: Readonly<Record<string, Answer>> = {
  sync: renewalBy("sync"),
  install: renewalBy("install"),
  venv: renewalBy("venv"),
};
