import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { Prompts } from "../../plugin-api/prompts.ts";
import { Host, Http } from "../../plugin-api/services.ts";
import { type Session, sharedSettings } from "../../plugin-api/session.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";

/** A single-file tool has no business being larger. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Fetches a script that is named by URL. Its content must be agreed to: by `--yes`, by a hash in the URL
 * (`#sha256=…`), or because the same content was agreed to before (SPEC X-03).
 */
export async function fetchScript(address: string, session: Session): Promise<{ kind: "script"; target: string }> {
  const [url = "", fragment = ""] = address.split("#");
  const [host, http] = await Promise.all([session.use(Host), session.use(Http)]);
  const answer = await http.get(url, { maxBytes: MAX_BYTES });
  if (answer.status !== 200) throw new PybunError("E_NETWORK", `${url} answered ${answer.status}`);
  const digest = sha256Of(answer.body);
  const record = path.join(host.dataDir, "trust", "scripts", digest);
  const expected = /^sha256=([0-9a-f]{64})$/i.exec(fragment)?.[1]?.toLowerCase();
  if (expected !== undefined && expected !== digest)
    throw new PybunError("E_HASH_MISMATCH", `${url} is not the file that was named`, {
      evidence: [`expected  ${expected}`, `got       ${digest}`],
    });
  if (expected === undefined && !sharedSettings(session).yes && !fs.existsSync(record)) await ask(url, digest, session);
  fs.mkdirSync(record, { recursive: true });
  const target = path.join(record, path.posix.basename(new URL(url).pathname) || "script.py");
  writeAtomically(target, answer.body);
  return { kind: "script", target };
}

async function ask(url: string, digest: string, session: Session): Promise<void> {
  const prompts = await session.use(Prompts);
  if (await prompts.confirm(`Run ${url} (sha256 ${digest})?`, false)) return;
  throw new PybunError("E_USAGE", `${url} was not run: its content was never agreed to`, {
    evidence: [`sha256  ${digest}`],
    hints: [`agree to exactly this content: \`pybun x "${url}#sha256=${digest}"\``],
    context: { url, sha256: digest },
  });
}
