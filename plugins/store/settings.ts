import { options } from "../../plugin-api/option.ts";

export const settings = options({
  bytecode: {
    kind: "text",
    choices: ["background", "wait", "never"],
    default: "background",
    key: "store.bytecode",
    env: ["PYBUN_STORE_BYTECODE"],
    value: "WHEN",
    help: "compile installed modules once for all environments: beside the work, before it goes on, or not at all",
  },
});
