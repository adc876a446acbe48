import { InvalidSyntax } from "../error.ts";
import type { EntryPoint } from "../model/store-layout.ts";
import { parseEntryPoints, parseObjectReference } from "../python/entry-points.ts";
import { quoteName, unsafeArchive } from "./fault.ts";
import { pathFault } from "./member-path.ts";

/** The commands a wheel wants to have: its `console_scripts` and `gui_scripts` (entry points specification). */
export interface WheelScripts {
  readonly console: readonly EntryPoint[];
  readonly gui: readonly EntryPoint[];
}

/**
 * Reads the script groups of `entry_points.txt`. A name becomes a file, module and attribute become Python source, so all
 * must be plain: `E_ARCHIVE_UNSAFE` for a name that is more than one path part, and for what is no object reference. A name in
 * both groups is the second's, which other installers write last.
 */
export function readWheelScripts(text: string, archive: string): WheelScripts {
  try {
    const entries = parseEntryPoints(text);
    const scripts = (group: string) =>
      entries
        .filter((entry) => entry.group === group)
        .map(({ name, value }) => {
          const { module, attribute } = parseObjectReference(value);
          checkName(name, archive);
          if (attribute === "") throw unsafeArchive(archive, `its script ${quoteName(name)} names no function`);
          return { name, module, attribute };
        });
    const gui = scripts("gui_scripts");
    const taken = new Set(gui.map(({ name }) => name));
    return { console: scripts("console_scripts").filter(({ name }) => !taken.has(name)), gui };
  } catch (cause) {
    if (!(cause instanceof InvalidSyntax)) throw cause;
    throw Object.assign(unsafeArchive(archive, cause.message), { cause });
  }
}

function checkName(name: string, archive: string): void {
  if (!name.includes("/") && pathFault(name) === undefined) return;
  throw unsafeArchive(archive, `its script ${quoteName(name)} would leave the scripts folder`);
}
