import classes from "./python/classes.py" with { type: "text" };
import codes from "./python/codes.py" with { type: "text" };
import live from "./python/live.py" with { type: "text" };
import pieces from "./python/pieces.py" with { type: "text" };
import planner from "./python/planner.py" with { type: "text" };
import reexec from "./python/reexec.py" with { type: "text" };
import statements from "./python/statements.py" with { type: "text" };
import templates from "./python/templates.py" with { type: "text" };

/** What the agent loads when the first change comes, in this order; kept out of the program until then. */
export const PLANNER: readonly (readonly [name: string, source: string])[] = [
  ["codes", codes],
  ["classes", classes],
  ["live", live],
  ["statements", statements],
  ["templates", templates],
  ["reexec", reexec],
  ["pieces", pieces],
  ["planner", planner],
];
