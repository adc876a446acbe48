import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { VersionPage } from "../../plugin-api/model/distribution.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import http from "../../plugins/http/index.ts";
import pypi from "../../plugins/pypi/index.ts";
import store from "../../plugins/store/index.ts";
import { type CertificateChoice, makeCertificates } from "../harness/certificate.ts";
import type { Fault } from "../harness/fault.ts";
import { type IndexData, type IndexServer, type RequestKind, startIndex } from "../harness/index-server.ts";
import { createRunPlace, failureOf, type Run, type RunPlace } from "../harness/index-session.ts";
import type { Release } from "../harness/release.ts";

/** A row of network.toml. */
interface Case {
  readonly about: string;
  readonly want: "page" | "metadata" | "artifact";
  /** For an artifact, have its metadata as well, before. */
  readonly "with-metadata"?: boolean;
  readonly index?: IndexData;
  /** What differs from a good release. */
  readonly package?: Partial<Release> & { readonly large?: boolean };
  /** Of the index, once the page is there where more than that is wanted. `{OTHER}` is a second, good server. */
  readonly fault?: readonly Fault[];
  /** The index stands in for the public one (`PYBUN_PYPI_BASE_URL`). */
  readonly "is-public"?: boolean;
  /** Not the running index. */
  readonly "index-url"?: string;
  readonly tls?: "trusted" | "unknown" | "expired" | "misnamed";
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** The error; it has to succeed where none is given. */
  readonly code?: string;
  readonly says?: string;
  readonly cause?: string;
  readonly retryable?: boolean;
  readonly warns?: string;
  /** What the metadata requires; and what it requires afterwards, in a run without a network. */
  readonly requires?: readonly string[];
  readonly "then-requires"?: readonly string[];
  readonly requests?: Readonly<Partial<Record<RequestKind, number>>>;
  readonly other?: Readonly<Partial<Record<RequestKind | "authorized", number>>>;
  /** Waits between attempts: how many, or exactly these. */
  readonly waits?: number;
  readonly pauses?: readonly number[];
}

const test = suite("the network");
const A: Release = { name: "a", version: "1.0", requires: ["b"] };
const SECRET = "s3cret";
/** More than one piece on the wire, also compressed. */
const LARGE = { "a/__init__.py": "", "a/data.bin": randomBytes(60_000).toString("hex") };

const CERTIFICATES: Readonly<Record<string, CertificateChoice>> = {
  expired: { endsAtMs: Date.now() - 3_600_000 },
  misnamed: { address: [127, 0, 0, 9] },
};

interface Scene {
  readonly index: IndexServer;
  readonly other: IndexServer;
  readonly place: RunPlace;
  readonly open: (isOffline?: boolean) => Run;
}

async function withScene(row: Case, body: (scene: Scene) => Promise<void>): Promise<void> {
  const packages = [{ ...A, ...row.package, ...(row.package?.large && { files: LARGE }) }];
  const identity = row.tls && makeCertificates(CERTIFICATES[row.tls]);
  const index = await startIndex({ ...row.index, packages, ...(identity && { identity }) });
  const other = await startIndex({ packages });
  const place = createRunPlace();
  const authority = path.join(place.dir, "authority.pem");
  if (identity) fs.writeFileSync(authority, identity.authority);
  const trust = identity && row.tls !== "unknown" ? { SSL_CERT_FILE: authority } : {};
  const where = row["is-public"] ? { baseUrl: index.origin } : { indexUrl: row["index-url"] ?? index.url };
  const choice = {
    env: { ...trust, ...row.env },
    settings: { ...where, ...row.settings },
  };
  const open = (isOffline = false): Run => place.run([http, store, pypi], { ...choice, isOffline });
  try {
    await body({ index, other, place, open });
  } finally {
    await Promise.all([index.stop(), other.stop()]);
    place.remove();
  }
}

/** Asks for what the case wants; the faults are there from when the page is. */
async function ask(row: Case, run: Run, arm: () => void): Promise<readonly string[] | undefined> {
  if (row.want === "page") arm();
  const [page] = (await run.pages("a")) as [VersionPage];
  if (row.want === "page") {
    assert.is(page.count, 1);
    return undefined;
  }
  arm();
  const file = page.file(0);
  const isAsked = row.want === "metadata" || row["with-metadata"];
  const metadata = isAsked ? await run.metadata("a", file) : undefined;
  if (row.want === "artifact") {
    const pin = { name: page.name, version: "1.0", source: { kind: "index", index: "pypi" }, file } as const;
    const whole = { ...pin, extras: [], dependencies: [], isDirect: true };
    const { entry } = await run.session.run("fetch.artifact", { pin: whole, interpreter: {} as Interpreter });
    assert.ok(fs.existsSync(path.join(entry.path, "tree", "a", "__init__.py")));
  }
  return metadata?.dependencies.requirements("").map(({ name }) => name);
}

const counts = (server: IndexServer, expected: object): Record<string, number> => {
  const count = (kind: string): number =>
    kind === "authorized"
      ? server.requests.filter(({ headers }) => headers["authorization"] !== undefined).length
      : server.count(kind as RequestKind);
  return Object.fromEntries(Object.keys(expected).map((kind) => [kind, count(kind)]));
};

async function judge(row: Case, { index, other, place, open }: Scene): Promise<void> {
  const run = open();
  const arm = (): void => {
    for (const { redirect, ...fault } of row.fault ?? [])
      index.fail({ ...fault, ...(redirect && { redirect: redirect.replace("{OTHER}", other.origin) }) });
  };
  const asking = ask(row, run, arm);
  if (row.code === undefined) {
    const required = await asking;
    if (row.requires) assert.equal(required, row.requires);
  } else {
    const error = await failureOf(asking);
    assert.is(error.code, row.code, error.message);
    if (row.says) assert.ok(error.message.includes(row.says), error.message);
    if (row.cause) assert.match((error.cause as Error).message, row.cause);
    if (row.retryable !== undefined) assert.is(error.detail.isRetryable ?? false, row.retryable);
    assert.not.match(JSON.stringify([error.message, error.detail, String(error.cause)]), SECRET);
  }
  run.end();
  if (row.requests) assert.equal(counts(index, row.requests), { ...row.requests });
  if (row.other) assert.equal(counts(other, row.other), { ...row.other });
  if (row.waits !== undefined) assert.is(place.pauses.length, row.waits);
  if (row.pauses) assert.equal(place.pauses, row.pauses);
  const told = run.events.flatMap((event) => (event.type === "Diagnostic" ? [event.diagnostic.code] : []));
  assert.equal(told, row.warns ? [row.warns] : []);
  assert.not.match(JSON.stringify(run.events), SECRET);
  await judgeRest(row, { place, open });
}

/** Nothing unfinished is left, nor anything kept of what failed; what succeeded is there without a network. */
async function judgeRest(row: Case, { place, open }: Pick<Scene, "place" | "open">): Promise<void> {
  const files = fs.readdirSync(place.dir, { recursive: true }).map(String);
  assert.equal(
    files.filter((file) => /\.tmp$|^tmp\/.+/.test(file)),
    [],
  );
  const offline = open(true);
  const again = ask(row, offline, () => {});
  if (row.code !== undefined) assert.is((await failureOf(again)).code, "E_OFFLINE_MISS");
  else {
    const required = await again;
    const expected = row["then-requires"] ?? row.requires;
    if (expected) assert.equal(required, expected);
  }
  offline.end();
}

const { case: rows } = parse(fs.readFileSync(path.join(import.meta.dirname, "network.toml"), "utf8")) as unknown as {
  readonly case: readonly Case[];
};
for (const row of rows) test(`${row.want}: ${row.about}`, () => withScene(row, (scene) => judge(row, scene)));

test.run();
