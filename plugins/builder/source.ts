import fs from "node:fs";
import path from "node:path";
import { extractSdist } from "../../plugin-api/archive/sdist.ts";
import type { BuildInput } from "../../plugin-api/stages.ts";
import { NotBuildable } from "./build-system.ts";

/**
 * The source tree to build: an archive extracted into `folder`, a tree as it is, or a copy of one that others rely on. Throws `NotBuildable`, and what
 * `extractSdist` throws.
 */
export async function openSource(
  { path: source, subdirectory = ".", interpreter, content }: BuildInput,
  folder: string,
): Promise<string> {
  const isTree = fs.statSync(source).isDirectory();
  const isCopied = isTree && content !== undefined;
  if (isCopied)
    fs.cpSync(source, folder, { recursive: true, verbatimSymlinks: true, mode: fs.constants.COPYFILE_FICLONE });
  const ofTree = { root: isCopied ? folder : source };
  const { root } = isTree ? ofTree : await extractSdist(source, folder, { python: interpreter.path });
  const tree = path.resolve(root, subdirectory);
  const isThere = fs.statSync(tree, { throwIfNoEntry: false })?.isDirectory();
  if (isThere && isWithin(fs.realpathSync(root), fs.realpathSync(tree))) return tree;
  throw new NotBuildable(`has no folder \`${subdirectory}\``);
}

const isWithin = (root: string, tree: string): boolean => tree === root || tree.startsWith(root + path.sep);
