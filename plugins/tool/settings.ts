import { options } from "../../plugin-api/option.ts";

export const settings = options({
  toolBinDir: {
    kind: "text",
    argv: false,
    env: ["PYBUN_TOOL_BIN_DIR"],
    key: "tool.bin-dir",
    value: "DIR",
    help: "folder for the commands of installed tools; default ~/.local/bin",
  },
});
