import path from "node:path";
import type { DppView } from "../../plugin-api/dpp/open.ts";
import type { Report } from "../../plugin-api/report.ts";
import { formatSize } from "../../plugin-api/text/units.ts";
import { type Source, shownPath, writeResult } from "./places.ts";

/** What is converted. */
export interface Origin extends Pick<Source, "path" | "shown"> {
  readonly sizeBytes: number;
}

interface Conversion {
  readonly source: Origin;
  readonly view: DppView;
  /** The result's name beside the source, unless `output` says otherwise. */
  readonly name: string;
  readonly output: string | undefined;
  readonly bytes: Buffer;
  readonly mayReplace: boolean;
  readonly cwd: string;
}

/** Writes the result of a conversion and tells it. */
export function carryOut({ source, view, name, output, bytes, mayReplace, cwd }: Conversion): Report {
  const target = output === undefined ? path.join(path.dirname(source.path), name) : path.resolve(cwd, output);
  const shown = shownPath(target, cwd);
  const isChanged = writeResult({ path: target, shown }, bytes, mayReplace);
  const sizes = `${formatSize(source.sizeBytes)} to ${formatSize(bytes.length)}`;
  return {
    exitCode: 0,
    data: {
      source: source.shown,
      output: shown,
      source_bytes: source.sizeBytes,
      bytes: bytes.length,
      files: view.files().length,
      up_to_date: !isChanged,
      content_id: view.contentId,
      store_id: view.storeId(),
    },
    text: (ui) =>
      isChanged
        ? `${ui.ok("Converted")} ${source.shown} ${ui.arrow} ${ui.name(shown)} ${ui.dim(`(${sizes})`)}`
        : `${ui.ok("Up to date")}: ${shown}`,
  };
}
