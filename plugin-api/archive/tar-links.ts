import { quoteName, unsafeArchive } from "./fault.ts";
import { pathFault } from "./member-path.ts";
import type { TarMember } from "./tar.ts";

/**
 * Judges the links of an archive against all its members. A symbolic link must lead, by its text alone, to a place within
 * the archive's own top folder, and neither to nor through another link: what is true of the text is then true on disk. A
 * hard link must name a file that came before it. Throws `E_ARCHIVE_UNSAFE`.
 */
export function checkLinks(members: readonly TarMember[], archive: string): void {
  const symlinks = new Set(members.filter(({ kind }) => kind === "symlink").map(({ path }) => path));
  const files = new Set<string>();
  for (const member of members) {
    if (member.kind === "file") files.add(member.path);
    const refuse = (fault: string) =>
      unsafeArchive(archive, `the link ${quoteName(member.path)} to ${quoteName(member.target)} ${fault}`);
    if (member.kind === "hardlink" && !files.has(member.target)) throw refuse("does not lead to a file before it");
    if (member.kind === "symlink") checkSymlink(member, symlinks, refuse);
  }
}

function checkSymlink(
  { path, target }: TarMember,
  symlinks: ReadonlySet<string>,
  refuse: (fault: string) => Error,
): void {
  // The parts of a target may be `.` and `..`; all else that is wrong with a path is wrong here.
  const plain = target.split("/").filter((part) => part !== "." && part !== "..");
  const isPlain = plain.length === 0 ? target !== "" : pathFault(plain.join("/")) === undefined;
  if (!isPlain || target.startsWith("/")) throw refuse("is absolute or malformed");
  const at = path.split("/").slice(0, -1);
  const top = at[0];
  for (const part of target.split("/")) {
    if (part === "..") at.pop();
    else if (part !== "." && part !== "") at.push(part);
    if (at.length === 0 || at[0] !== top) throw refuse("leaves the archive's folder");
    if (symlinks.has(at.join("/"))) throw refuse("leads through another link");
  }
}
