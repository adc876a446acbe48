import { options } from "../../plugin-api/option.ts";

export const settings = options({
  dotVenv: {
    kind: "flag",
    argv: false,
    default: true,
    env: ["PYBUN_DOT_VENV"],
    key: "env.dot-venv",
    help: "show the project's environment as .venv, for editors and other tools",
  },
  location: {
    kind: "text",
    argv: false,
    choices: ["project", "central"],
    default: "project",
    env: ["PYBUN_ENV_LOCATION"],
    key: "env.location",
    help: "where a project's environment is: in the project's .pybun, or in the data directory",
  },
});
