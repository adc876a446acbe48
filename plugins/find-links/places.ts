import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Origin } from "../../plugin-api/option.ts";
import { settingFolder } from "../../plugin-api/setting-folder.ts";

/** A place that `find-links` names. */
export interface Place {
  /** As it is set, without credentials: the name of the index in pins and messages. */
  readonly label: string;
  /** Flag, variable or file that names it. */
  readonly origin: Origin;
  /** Absolute path, or address of a page or archive. */
  readonly where: { readonly path: string } | { readonly url: string };
}

interface Setting {
  readonly values: readonly string[];
  readonly origin: Origin;
  readonly cwd: string;
  /** Takes the credentials of an address in, and gives the address without them. */
  readonly withoutLogin: (url: string) => string;
}

const ADDRESS = /^https?:\/\//i;

/** The places of the setting. Relative paths start from the file that holds them, else from the current directory. */
export function placesOf({ values, origin, cwd, withoutLogin }: Setting): readonly Place[] {
  const from = settingFolder(origin, cwd);
  return [...new Set(values)].map((value) => {
    if (ADDRESS.test(value)) {
      const url = withoutLogin(value);
      return { label: url, origin, where: { url } };
    }
    return { label: value, origin, where: { path: pathOf(value, from) } };
  });
}

function pathOf(value: string, from: string): string {
  if (!/^file:/i.test(value)) return path.resolve(from, value);
  const isAbsolute = /^file:\/\/(?:localhost)?\//i.test(value);
  return isAbsolute
    ? fileURLToPath(value.replace(/^file:\/\/localhost/i, "file://"))
    : path.resolve(from, value.slice(5));
}
