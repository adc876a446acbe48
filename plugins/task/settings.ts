import { options } from "../../plugin-api/option.ts";

export const settings = options({
  tasks: {
    kind: "table",
    argv: false,
    key: "tasks",
    form: "tasks",
    help: "named tasks of the project, for `pybun task`",
  },
  taskJobs: {
    kind: "number",
    argv: false,
    env: ["PYBUN_JOBS"],
    key: "task.jobs",
    form: "count",
    help: "so many tasks run at the same time; default one for each processor",
  },
});
