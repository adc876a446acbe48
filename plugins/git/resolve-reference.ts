import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import { isCommit } from "../../plugin-api/python/git-url.ts";
import { Clock, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { expandCommit, obtainCommit, obtainEverything, unknownRevision } from "./database.ts";
import { chooseRef, namesIn, patternsFor } from "./remote-refs.ts";
import type { Repository } from "./repository.ts";

/** A name may mean another commit at any time; asking more often than this helps nobody. */
const FRESH_MS = 10 * 60_000;
const SHORT_COMMIT = /^[0-9a-f]{4,63}$/i;

/**
 * The commit that the repository's reference means: as it stands for a whole commit, as remembered for ten minutes, longer
 * while the network is off, else as the remote side says; `isAnew`: it was perhaps asked a moment ago, and that is not enough. Throws `E_OFFLINE_MISS`, `E_GIT_REVISION`, `E_AUTH`, `E_NETWORK`, …
 */
export async function resolveReference(repository: Repository, session: Session, isAnew = false): Promise<string> {
  const { reference } = repository.reference;
  if (reference !== undefined && isCommit(reference)) return reference.toLowerCase();
  const noted = readNote(repository);
  const clock = await session.use(Clock);
  const isEnough = repository.isOffline || (!isAnew && noted && (await isFresh(noted, clock.nowMs(), session)));
  if (noted && isEnough) return noted.commit;
  if (repository.isOffline) return fromDatabase(repository);
  const commit = await repository.alone(() => ask(repository, session));
  writeNote(repository, {
    url: repository.reference.url,
    reference: reference ?? "",
    commit,
    askedAtMs: clock.nowMs(),
  });
  return commit;
}

async function fromDatabase(repository: Repository): Promise<string> {
  const { reference = "", text, url } = repository.reference;
  const known = SHORT_COMMIT.test(reference) ? await expandCommit(repository, reference) : undefined;
  if (known !== undefined) return known;
  throw new PybunError("E_OFFLINE_MISS", `\`${text}\` was never asked for and the network is off`, {
    context: { url },
  });
}

async function ask(repository: Repository, session: Session): Promise<string> {
  const { url, reference } = repository.reference;
  const doing = `ask ${url} for its ${reference === undefined ? "newest commit" : "references"}`;
  const listing = await repository.must(doing, ["ls-remote", "--quiet", "--", url, ...patternsFor(reference)]);
  const found = chooseRef(reference, listing);
  if (found) {
    await obtainCommit(repository, found, session);
    return found.commit;
  }
  if (reference === undefined) throw noCommits(repository);
  if (SHORT_COMMIT.test(reference)) {
    const known = await expandCommit(repository, reference);
    if (known !== undefined) return known;
    await obtainEverything(repository, session);
    const fetched = await expandCommit(repository, reference);
    if (fetched !== undefined) return fetched;
  }
  const all = namesIn(await repository.must(doing, ["ls-remote", "--quiet", "--heads", "--tags", "--", url]));
  const near = nearest(reference, all);
  throw unknownRevision(repository, reference, near === undefined ? [] : [near]);
}

const noCommits = ({ reference: { url, text } }: Repository): PybunError =>
  new PybunError("E_GIT_REVISION", `${url} has no commit yet`, {
    evidence: [`asked for by ${text}`],
    context: { url },
  });

interface Note {
  readonly url: string;
  readonly reference: string;
  readonly commit: string;
  readonly askedAtMs: number;
}

async function isFresh({ askedAtMs }: Note, nowMs: number, session: Session): Promise<boolean> {
  const ageMs = nowMs - askedAtMs;
  return ageMs >= 0 && ageMs < FRESH_MS && (await session.use(SettingsTable)).get("refresh")?.value !== true;
}

const noteFile = ({ notes, reference: { reference = "" } }: Repository): string =>
  path.join(notes, `${sha256Of(reference).slice(0, 32)}.json`);

function readNote(repository: Repository): Note | undefined {
  try {
    const note = JSON.parse(fs.readFileSync(noteFile(repository), "utf8")) as Note;
    return isCommit(note.commit) ? note : undefined;
  } catch {
    return undefined;
  }
}

function writeNote(repository: Repository, note: Note): void {
  fs.mkdirSync(repository.notes, { recursive: true });
  writeAtomically(noteFile(repository), JSON.stringify(note));
}
