import type { RunOf } from "../../plugin-api/command.ts";
import { openDpp } from "../../plugin-api/dpp/open.ts";
import { counted, formatSize } from "../../plugin-api/text/units.ts";
import type * as commands from "./commands.ts";
import { readSource } from "./places.ts";

const verify: RunOf<typeof commands.verify> = async (_options, [operand = ""], session) => {
  const source = readSource(operand, session.cwd);
  const view = openDpp(source.bytes, source.shown);
  view.verify();
  const [files, bytes] = [view.files().length, view.sizeBytes];
  return {
    exitCode: 0,
    data: { path: source.shown, bytes, files, content_id: view.contentId, store_id: view.storeId() },
    text: (ui) => `${ui.ok("Intact")}: ${source.shown} ${ui.dim(`(${counted(files, "file")}, ${formatSize(bytes)})`)}`,
  };
};
export default verify;
