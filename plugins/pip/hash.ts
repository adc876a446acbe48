import fs from "node:fs";
import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { digestOfFile } from "../../plugin-api/system/file-digest.ts";
import { asPip, callError } from "./as-pip.ts";
import type { hash as spec } from "./more-commands.ts";

/** SPEC PIP-01. */
const hash: RunOf<typeof spec> = async ({ algorithm }, operands, session) => {
  const files = operands.map((name) => ({ name, file: path.resolve(session.cwd, name) }));
  const missing = files.find(({ file }) => !fs.statSync(file, { throwIfNoEntry: false })?.isFile());
  if (missing) throw callError("pip hash", `there is no file \`${missing.name}\``);
  const hashes = await Promise.all(
    files.map(async (each) => ({ ...each, hash: await digestOfFile(each.file, algorithm) })),
  );
  return {
    exitCode: 0,
    data: { algorithm, files: hashes.map(({ file, hash: digest }) => ({ path: file, hash: digest })) },
    text: () => hashes.map(({ name, hash: digest }) => `${name}:\n--hash=${algorithm}:${digest}`).join("\n"),
  };
};
export default asPip(hash);
