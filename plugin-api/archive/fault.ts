import { PybunError } from "../error.ts";

/**
 * The error for an archive that breaks a safety rule (`E_ARCHIVE_UNSAFE`). `fault` completes the sentence
 * "`archive` is not safe to unpack: …".
 */
export const unsafeArchive = (archive: string, fault: string): PybunError =>
  new PybunError("E_ARCHIVE_UNSAFE", `\`${archive}\` is not safe to unpack: ${fault}`, { context: { archive, fault } });

/** The error for an archive above a limit (`E_LIMIT`). `fault` completes the sentence "`archive` is too large: …". */
export const oversizeArchive = (archive: string, fault: string): PybunError =>
  new PybunError("E_LIMIT", `\`${archive}\` is too large: ${fault}`, { context: { archive, fault } });

/** A name from an archive as a message may show it: quoted, cut at 120 characters, control characters escaped. */
export function quoteName(name: string): string {
  const cut = name.length > 120 ? `${name.slice(0, 120)}…` : name;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const visible = cut.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (c) => {
    return `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `\`${visible}\``;
}
