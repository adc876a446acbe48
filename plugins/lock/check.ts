import type { NextAction } from "../../plugin-api/event.ts";
import type { Report } from "../../plugin-api/report.ts";
import { type Difference, differences, differencesBehind } from "./difference.ts";
import { factsIn, type LockView } from "./kept.ts";
import type { Subject } from "./subject.ts";

const UPDATE = { command: ["pybun", "lock"], why: "update it" } satisfies NextAction;

/** What `--check` finds: exit code 1, and how lock and project differ. Solves nothing. */
export function staleReport(subject: Subject, view: LockView | undefined): Report {
  const { lock, from } = subject.shown;
  const found = view ? differencesOf(subject, view) : [];
  const words = view ? `${lock} does not match ${from}` : `there is no ${lock}`;
  return {
    exitCode: 1,
    data: {
      lockfile: subject.file,
      path: subject.file,
      up_to_date: false,
      dry_run: false,
      differences: found.map(({ kind, subject: about, detail }) => ({ kind, subject: about, detail })),
    },
    text: (ui) => {
      const paint = { "+": ui.add, "-": ui.del, "~": ui.chg } as const;
      const width = Math.max(0, ...found.map(({ subject: name }) => name.length));
      const line = ({ sign, subject: name, detail }: Difference) =>
        ` ${paint[sign](sign)} ${ui.name(name)}${" ".repeat(width - name.length)}  ${detail}`;
      return [...found.map(line), `${ui.err(view ? "Stale" : "Missing")}: ${words}`].join("\n");
    },
    nextActions: [UPDATE],
  };
}

const differencesOf = ({ inputs }: Subject, view: LockView): readonly Difference[] => [
  ...differences(inputs, view.lock(), factsIn(view.lock().meta)),
  ...differencesBehind(view, inputs.base),
];
