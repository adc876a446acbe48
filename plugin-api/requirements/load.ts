import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PybunError } from "../error.ts";
import { loadRequirementsFile, type RequirementsFile } from "../python/requirements-file.ts";
import { Host, Http } from "../services.ts";
import type { Session } from "../session.ts";

/**
 * A requirements file and those it names, from this machine, a server, or (`-`) standard input. Throws `E_REQUIREMENTS_INVALID`.
 */
export async function loadRequirements(
  name: string,
  { isConstraint }: { readonly isConstraint: boolean },
  session: Session,
): Promise<RequirementsFile> {
  const { env } = await session.use(Host);
  const isRemote = /^https?:/i.test(name);
  const local = /^file:/i.test(name) ? fileURLToPath(name) : path.resolve(session.cwd, name);
  const file = isRemote ? name : name === "-" ? path.join(session.cwd, "<stdin>") : local;
  const read = async (at: string): Promise<Uint8Array> =>
    at === file && name === "-" ? fs.readFileSync(0) : bytesOf(at, session);
  return loadRequirementsFile({ file, cwd: session.cwd, env, isConstraint }, read);
}

async function bytesOf(file: string, session: Session): Promise<Uint8Array> {
  if (!/^https?:/i.test(file)) {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat?.isFile() || stat?.isFIFO()) return fs.readFileSync(file);
    const what = stat ? "is no file" : "is not there";
    throw new PybunError(
      "E_REQUIREMENTS_INVALID",
      `the requirements file \`${path.relative(session.cwd, file) || "."}\` ${what}`,
      { file },
    );
  }
  const { status, body } = await (await session.use(Http)).get(file);
  if (status === 200) return body;
  throw new PybunError("E_REQUIREMENTS_INVALID", `\`${file}\` can't be read: the server answered ${status}`, {
    context: { status },
  });
}
