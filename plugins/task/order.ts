import { PybunError } from "../../plugin-api/error.ts";
import { type Tasks, taskNamed } from "./read-tasks.ts";
import type { Task } from "./task.ts";

/** Tasks that one leads to, itself last: each behind those it waits for. Throws `E_TASK_CYCLE`, `E_TASK_NOT_FOUND`. Pure. */
export function inOrder(first: Task, tasks: Tasks): readonly Task[] {
  const order = new Set<Task>();
  const visit = (task: Task, above: readonly Task[]): void => {
    if (order.has(task)) return;
    if (above.includes(task)) throw cycle([...above.slice(above.indexOf(task)), task]);
    for (const name of needsOf(task)) visit(taskNamed(tasks, name, task), [...above, task]);
    order.add(task);
  };
  visit(first, []);
  return [...order];
}

/** Names of the tasks that one waits for or runs as its steps. */
export const needsOf = ({ action, dependsOn }: Task): readonly string[] => [
  ...dependsOn,
  ...(action?.kind === "chain" ? action.steps.map(({ name }) => name) : []),
];

function cycle(circle: readonly Task[]): PybunError {
  const [first] = circle as readonly [Task];
  return new PybunError("E_TASK_CYCLE", `task \`${first.name}\` waits for itself`, {
    evidence: [
      circle.map(({ name }) => name).join(" -> "),
      ...circle.slice(0, -1).map(({ name, origin }) => `${name}  ${origin}`),
    ],
    hints: [
      `remove one of these from \`depends-on\` or \`chain\`: ${circle
        .slice(1)
        .map(({ name }) => name)
        .join(", ")}`,
    ],
    context: { tasks: circle.map(({ name }) => name) },
  });
}
