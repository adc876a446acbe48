import fs from "node:fs";
import path from "node:path";
import { fileSource } from "../../plugin-api/archive/byte-source.ts";
import { openZip } from "../../plugin-api/archive/zip.ts";
import type { BuildInput } from "../../plugin-api/stages.ts";
import { NotBuildable } from "./build-system.ts";

/**
 * The source tree to build: a tree as it is, an archive unpacked into `folder`. Throws `NotBuildable`, and what the
 * archive readers throw.
 */
export async function openSource(input: BuildInput, folder: string): Promise<string> {
  const isTree = fs.statSync(input.path).isDirectory();
  if (!isTree) await unpack(input.path, folder);
  const root = isTree ? input.path : topFolder(folder);
  const tree = path.resolve(root, input.subdirectory ?? ".");
  if (fs.statSync(tree, { throwIfNoEntry: false })?.isDirectory()) return tree;
  throw new NotBuildable(`has no folder \`${input.subdirectory}\``);
}

/** All of an sdist lies in one folder (PEP 625); archives made by hand may do without. */
function topFolder(folder: string): string {
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  const [only] = entries;
  return entries.length === 1 && only?.isDirectory() ? path.join(folder, only.name) : folder;
}

async function unpack(archive: string, folder: string): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  if (archive.endsWith(".zip")) unpackZip(archive, folder);
  else throw new NotBuildable(`is an archive of a kind that is not read: ${path.basename(archive)}`);
}

function unpackZip(file: string, folder: string): void {
  const fd = fs.openSync(file, "r");
  try {
    const archive = openZip(fileSource(fd), { archive: path.basename(file) });
    for (const entry of archive.entries) {
      const target = path.join(folder, entry.path);
      fs.mkdirSync(entry.isFolder ? target : path.dirname(target), { recursive: true });
      if (!entry.isFolder)
        fs.writeFileSync(target, archive.read(entry), { mode: entry.permissions & 0o111 ? 0o755 : 0o644 });
    }
  } finally {
    fs.closeSync(fd);
  }
}
