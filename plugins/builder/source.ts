import fs from "node:fs";
import path from "node:path";
import { extractSdist } from "../../plugin-api/archive/sdist.ts";
import type { BuildInput } from "../../plugin-api/stages.ts";
import { NotBuildable } from "./build-system.ts";

/**
 * The source tree to build: a tree as it is, an archive extracted into `folder`. Throws `NotBuildable`, and what
 * `extractSdist` throws.
 */
export async function openSource(
  { path: source, subdirectory = ".", interpreter }: BuildInput,
  folder: string,
): Promise<string> {
  const isTree = fs.statSync(source).isDirectory();
  const { root } = isTree ? { root: source } : await extractSdist(source, folder, { python: interpreter.path });
  const tree = path.resolve(root, subdirectory);
  if (fs.statSync(tree, { throwIfNoEntry: false })?.isDirectory()) return tree;
  throw new NotBuildable(`has no folder \`${subdirectory}\``);
}
