import type { Report } from "./report.ts";
import type { Outcome } from "./stages.ts";

/** What the envelope says of a child that did not end well: that is no finding of ours (SPEC JSN-10). */
export function childEnding({ exitCode, signal }: Pick<Outcome, "exitCode" | "signal">): Pick<Report, "envelope"> {
  if (exitCode === 0) return {};
  const context =
    signal === undefined ? `the program ended with exit code ${exitCode}` : `the program was ended by ${signal}`;
  return {
    envelope: { error_type: signal === undefined ? "ChildFailed" : "ChildKilled", context, fix_suggestion: null },
  };
}
