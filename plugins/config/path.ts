import fs from "node:fs";
import type { RunOf } from "../../plugin-api/command.ts";
import { Host } from "../../plugin-api/services.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import type * as commands from "./commands.ts";
import { allFiles, fileOf, scopeOf } from "./files.ts";
import { configFileOf } from "./known.ts";

const path: RunOf<typeof commands.path> = async (options, _operands, session) => {
  const host = await session.use(Host);
  const scope = scopeOf("config path", options);
  const files = Object.entries(allFiles(host, configFileOf(session)));
  const one = scope === undefined ? undefined : fileOf(scope, host, configFileOf(session)).file;
  return {
    exitCode: 0,
    data: {
      ...(one === undefined ? {} : { path: one }),
      files: files.map(([name, file]) => ({ scope: name, path: file, exists: fs.existsSync(file) })),
    },
    text: (ui) =>
      one ??
      files
        .map(
          ([name, file]) =>
            `${name.padEnd(7)}  ${showPath(file, host)}${fs.existsSync(file) ? "" : ui.dim("  not there")}`,
        )
        .join("\n"),
  };
};
export default path;
