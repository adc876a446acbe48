import { type Sweep, sweep } from "../points.ts";
import type { Depth, Provocation } from "../row.ts";

/** Does something at the system calls of the operation: `quick`, `thorough` points of them, or at each. */
export const atCalls = (
  how: Pick<Sweep, "calls" | "action" | "lasts"> & {
    readonly points: Readonly<Record<Exclude<Depth, "every">, number>>;
  },
): Provocation => ({
  needs: ["calls"],
  provoke: async ({ operation, expected }, depth) => {
    const { points: most, ...what } = how;
    const limit = depth === "every" ? {} : { points: most[depth] };
    const { points, calls, faults } = await sweep({ ...what, operation, expected, ...limit });
    console.log(`${operation}: ${how.action} at ${points} of ${calls} calls`);
    return points > 0 ? faults : ["there was no call to do it at"];
  },
});
