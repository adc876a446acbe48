import type { KeyObject } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { RunOf } from "../../plugin-api/command.ts";
import { warning } from "../../plugin-api/diagnostic.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { publicKeyOf, readPrivateKey, signManifest } from "../../plugin-api/mirror/signature.ts";
import type { Report } from "../../plugin-api/report.ts";
import { Clock } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { shellWord } from "../../plugin-api/shell-word.ts";
import { withLock } from "../../plugin-api/system/lock-file.ts";
import { counted, formatSize } from "../../plugin-api/text/units.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { bringFiles } from "./bring.ts";
import type { create as spec } from "./commands.ts";
import type { MirrorFile } from "./pages.ts";
import { readTargets } from "./targets.ts";
import { type Mirror, type Projects, readMirror, writeMirror } from "./tree.ts";
import { type Wanted, type WantedFile, wantedBy, wantedByLock } from "./wanted.ts";

type Options = Parameters<RunOf<typeof spec>>[0];

const DAY_MS = 86_400_000;
const WAIT_MS = 10 * 60_000;

const create: RunOf<typeof spec> = async (options, [folder = "", ...requirements], session) => {
  const root = path.resolve(session.cwd, folder);
  const key = readKey(options, session);
  const targets = readTargets(options.platform, options.pythonVersion);
  if (options.fromLock === undefined && requirements.length === 0)
    throw usageError("mirror create", "nothing to put into the mirror: name requirements, or `--from-lock`");
  readMirror(root);
  const lists = [
    ...(requirements.length > 0 ? [await wantedBy(requirements, targets, session)] : []),
    ...(options.fromLock === undefined ? [] : [await wantedByLock(options.fromLock, targets, session)]),
  ];
  const wanted = { files: lists.flatMap(({ files }) => files), skipped: lists.flatMap(({ skipped }) => skipped) };
  const order: Order = { root, key, wanted, expiresDays: options.expires };
  if (options.dryRun) return report(order, plan(readMirror(root), wanted), { isDryRun: true });
  fs.mkdirSync(root, { recursive: true });
  const lock = { timeoutMs: WAIT_MS, signal: session.signal, subject: `the mirror ${root}` };
  return withLock(path.join(root, ".pybun.lock"), lock, () => make(order, session));
};
export default create;

interface Order {
  readonly root: string;
  readonly key: KeyObject | undefined;
  readonly wanted: Wanted;
  readonly expiresDays: number | undefined;
}

function readKey({ signKey, expires }: Options, session: Session): KeyObject | undefined {
  if (signKey === undefined) {
    if (expires !== undefined) throw usageError("mirror create", "`--expires` is for a signature: give `--sign-key`");
    return undefined;
  }
  const file = path.resolve(session.cwd, signKey);
  const key = fs.existsSync(file) ? readPrivateKey(fs.readFileSync(file, "utf8")) : undefined;
  if (key !== undefined && (expires ?? 1) > 0) return key;
  if (key !== undefined) throw usageError("mirror create", "`--expires` takes a number of days above zero");
  const what = fs.existsSync(file) ? "holds no ed25519 key" : "is not there";
  throw new PybunError("E_USAGE", `the key \`${signKey}\` ${what}`, {
    hints: [`make one: \`openssl genpkey -algorithm ed25519 -out ${shellWord(signKey)}\``],
  });
}

/** What is there, what comes to it. */
interface Plan {
  readonly before: Mirror;
  readonly missing: readonly WantedFile[];
}

function plan(before: Mirror, { files }: Wanted): Plan {
  const missing = new Map<string, WantedFile>();
  for (const wanted of files) {
    const { name, file } = wanted;
    const there = before.projects.get(name)?.find(({ filename }) => filename === file.filename);
    if (there === undefined) missing.set(`${name}/${file.filename}`, wanted);
    else if (file.sha256 !== undefined && file.sha256 !== there.sha256)
      throw new PybunError("E_MIRROR", `the mirror has another file \`${file.filename}\` than the index`, {
        evidence: [`mirror  ${there.sha256}`, `index   ${file.sha256}`],
        hints: ["find out which is the right one, and make the mirror anew in another folder"],
        context: { file: file.filename, mirror: there.sha256, index: file.sha256 },
      });
  }
  return { before, missing: [...missing.values()] };
}

async function make(order: Order, session: Session): Promise<Report> {
  const { root, key, wanted, expiresDays } = order;
  const planned = plan(readMirror(root), wanted);
  const { before, missing } = planned;
  const signedBefore = before.manifest?.signature;
  if (signedBefore !== undefined && key === undefined)
    throw new PybunError("E_MIRROR", `\`${root}\` is signed, and would not be any more`, {
      hints: ["give the key: `--sign-key FILE`"],
      context: { path: root },
    });
  const made = await bringFiles(root, missing, session);
  const isSameKey = (key && publicKeyOf(key)) === signedBefore?.publicKey;
  const isSame = before.manifest !== undefined && missing.length === 0 && isSameKey && expiresDays === undefined;
  const nowMs = (await session.use(Clock)).nowMs();
  if (!isSame)
    writeMirror(root, {
      projects: merged(before.projects, missing, made),
      createdAtMs: nowMs,
      ...(expiresDays !== undefined && { expiresAtMs: nowMs + expiresDays * DAY_MS }),
      ...(key && { sign: (text: string) => signManifest(text, key) }),
    });
  return report(order, planned, { isDryRun: false });
}

function merged(before: Projects, wanted: readonly WantedFile[], made: readonly MirrorFile[]): Projects {
  const projects = new Map<string, readonly MirrorFile[]>(before);
  for (const [at, { name }] of wanted.entries())
    projects.set(name, [...(projects.get(name) ?? []), made[at] as MirrorFile]);
  return projects;
}

function report({ root, key, wanted }: Order, planned: Plan, { isDryRun }: { readonly isDryRun: boolean }): Report {
  const after = isDryRun ? planned.before : readMirror(root);
  const files = [...after.projects.values()].flat();
  const added = planned.missing.map(({ file }) => file.filename).sort();
  const isNew = new Set(added);
  const addedBytes = isDryRun
    ? planned.missing.reduce((sum, { file }) => sum + (file.sizeBytes ?? 0), 0)
    : files.reduce((sum, { filename, sizeBytes }) => sum + (isNew.has(filename) ? sizeBytes : 0), 0);
  const publicKey = key === undefined ? (after.manifest?.signature?.publicKey ?? null) : publicKeyOf(key);
  const expiresAtMs = after.manifest?.manifest.expiresAtMs;
  const indexUrl = pathToFileURL(path.join(root, "simple", "/")).href;
  const data = {
    path: root,
    index_url: indexUrl,
    packages: after.projects.size,
    files: files.length,
    added,
    added_bytes: addedBytes,
    bytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    public_key: publicKey,
    expires: expiresAtMs === undefined ? null : new Date(expiresAtMs).toISOString(),
    skipped: wanted.skipped,
    dry_run: isDryRun,
  };
  const told = `${counted(added.length, "file")} (${formatSize(addedBytes)})`;
  const lines = [
    `${isDryRun ? "Would add" : "Added"} ${added.length === 0 ? "nothing" : told}; ${counted(files.length, "file")} of ${counted(after.projects.size, "package")} ${isDryRun ? "are there" : "in all"}`,
    `index       ${indexUrl}`,
    ...(publicKey === null ? [] : [`public-key  ${publicKey}`]),
  ];
  return {
    exitCode: 0,
    data,
    text: () => `${lines.join("\n")}\n`,
    diagnostics: wanted.skipped.map(({ name, version, kind }) =>
      warning("W_MIRROR_SKIPPED", `${name} ${version} is no archive (${kind}), and not in the mirror`, {
        context: { name, version, kind },
      }),
    ),
  };
}
