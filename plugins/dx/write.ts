import { PybunError } from "../../plugin-api/error.ts";
import type { Report } from "../../plugin-api/report.ts";
import { contentOfUsersFile, writeUsersFile } from "../../plugin-api/system/users-file.ts";
import { formatSize } from "../../plugin-api/text/units.ts";
import type { Places } from "./places.ts";

interface Work extends Omit<Places, "source"> {
  readonly verb: "pack" | "unpack";
  readonly source: Uint8Array;
  readonly bytes: Uint8Array;
  readonly keepsLayout: boolean;
  readonly isDryRun: boolean;
  /** Whatever is there gives way. */
  readonly mayReplace: boolean;
}

/** Writes the result where it is not there yet, and reports. Throws `E_DX_SOURCE` where something else is in the way. */
export function carryOut({ verb, source, bytes, keepsLayout, isDryRun, mayReplace, ...places }: Work): Report {
  const { output, shownOutput, shownSource } = places;
  const before = contentOfUsersFile(output);
  const isSame = before !== undefined && Buffer.from(bytes).equals(before);
  if (before !== undefined && !isSame && !mayReplace)
    throw new PybunError("E_DX_SOURCE", `${shownOutput} is there already, with another content`, {
      file: output,
      hints: ["look at the difference first: `pybun dx unpack -o -`, then take `--force`"],
    });
  if (!isSame && !isDryRun) writeUsersFile(output, bytes);
  const sizes = `${formatSize(source.length)} to ${formatSize(bytes.length)}`;
  const told = isDryRun ? `Would ${verb}` : { pack: "Packed", unpack: "Unpacked" }[verb];
  return {
    exitCode: 0,
    data: {
      source: shownSource,
      output: shownOutput,
      source_bytes: source.length,
      bytes: bytes.length,
      keeps_layout: keepsLayout,
      up_to_date: isSame,
      dry_run: isDryRun,
    },
    text: (ui) =>
      isSame
        ? `${ui.ok("Up to date")}: ${shownOutput}`
        : `${ui.ok(told)} ${shownSource} ${ui.arrow} ${ui.name(shownOutput)} ${ui.dim(`(${sizes})`)}`,
  };
}
