import fs from "node:fs";
import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { Host } from "../../plugin-api/services.ts";
import { writeUsersFile } from "../../plugin-api/system/users-file.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { updateShell as spec } from "./commands.ts";
import { toolPlaces } from "./places.ts";
import { type ShellFile, shellFiles } from "./shell-files.ts";
import { isOnPath } from "./told.ts";

/** SPEC TOOL-02. */
const updateShell: RunOf<typeof spec> = async (options, _operands, session) => {
  const { env, home, platform } = await session.use(Host);
  const { bin, show } = await toolPlaces(session);
  if (platform === "win32")
    throw usageError("tool update-shell", `on Windows PATH is set in the system's settings: add ${bin} there`);
  const shell = options.shell ?? path.basename(env["SHELL"] ?? "");
  const files = shellFiles({ shell, home, env, bin });
  if (files === undefined) {
    const what = shell === "" ? "SHELL names no shell" : `no shell is known as \`${shell}\``;
    throw usageError("tool update-shell", `${what}: name one with \`--shell\`, or add ${show(bin)} to PATH yourself`);
  }
  const lacking = files.filter((each) => !holds(each));
  if (!options.dryRun) for (const each of lacking) append(each);
  const verb = options.dryRun ? "Would add" : "Added";
  return {
    exitCode: 0,
    data: {
      bin,
      shell,
      on_path: isOnPath(bin, env["PATH"]),
      files: lacking.map(({ file }) => file),
      up_to_date: lacking.length === 0,
      dry_run: options.dryRun,
    },
    text: (ui) =>
      lacking.length === 0
        ? `${ui.ok("Up to date")}: ${show(bin)} is in ${files.map(({ file }) => show(file)).join(", ")}`
        : [
            ...lacking.map(({ file }) => ` ${ui.chg("~")} ${show(file)}`),
            `${ui.ok(verb)} ${show(bin)} to PATH ${ui.dim("for new shells")}`,
          ].join("\n"),
  };
};
export default updateShell;

const textOf = (file: string): string | undefined => (fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined);

const holds = ({ file, line }: ShellFile): boolean => textOf(file)?.split(/\r?\n/).includes(line) === true;

/** Behind all that is there; a file that is a link stays one. */
function append({ file, line }: ShellFile): void {
  const before = textOf(file);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const gap = before === undefined || before === "" ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  writeUsersFile(file, `${before ?? ""}${gap}# Commands of tools that PyBun installs\n${line}\n`);
}
