import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { Clock, Credentials, Host, Http, Interpreters, SettingsTable, Store } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { BuildInput } from "../../plugin-api/stages.ts";
import { sessionWith } from "../../test/harness/plugin-session.ts";
import { coreMetadata, type Release } from "../../test/harness/release.ts";
import { makeWheel } from "../../test/harness/wheel.ts";
import { DirectState } from "./direct-key.ts";
import openState from "./state.ts";

export const PYTHON = { version: "3.12.1" } as Interpreter;
export const DEMO: Release = { name: "demo", version: "1.0", requires: ["needed>=1"], "requires-python": ">=3.9" };
export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A folder, a web of files, and a store and builder that note what they are asked. */
export class Scene {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "direct-"));
  readonly web = new Map<string, Uint8Array>();
  readonly downloads: string[] = [];
  readonly builds: (BuildInput & { readonly chain?: string })[] = [];
  readonly ingested: string[] = [];
  readonly entries = new Map<string, StoreEntry>();
  /** What the builder makes of any source. */
  built: Release = DEMO;
  nowMs = 1_700_000_000_000;
  isOffline = false;
  isRefreshed = false;

  write(name: string, bytes: string | Uint8Array): string {
    const file = path.join(this.folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes);
    return file;
  }

  /** A run of its own: what was held in memory is gone. */
  session(): Session {
    const inner = sessionWith(
      [
        [Clock, { nowMs: () => this.nowMs }],
        [Host, { dataDir: this.folder, isOffline: this.isOffline }],
        [Credentials, { learn: ({ url }: { url: string }) => url.replace(/\/\/[^/@]*@/, "//") }],
        [SettingsTable, { get: (key: string) => (key === "refresh" ? { value: this.isRefreshed } : undefined) }],
        [Interpreters, { find: async () => PYTHON }],
        [Http, { download: this.#download }],
        [Store, this.#store()],
      ],
      { cwd: this.folder, run: this.#run },
    );
    const state = openState(inner);
    return {
      ...inner,
      use: (async (key: typeof DirectState) =>
        key.name === DirectState.name ? state : inner.use(key)) as Session["use"],
    };
  }

  readonly #download = async (url: string, file: string, options: { sha256?: string }) => {
    if (this.isOffline) throw new PybunError("E_OFFLINE_MISS", "never fetched");
    const bytes = this.web.get(url);
    this.downloads.push(url);
    if (bytes === undefined) throw new PybunError("E_NETWORK", "status 404");
    if (options.sha256 !== undefined && options.sha256 !== sha256(bytes)) throw new PybunError("E_HASH_MISMATCH", "no");
    fs.writeFileSync(file, bytes, { flag: "wx" });
    return { sha256: sha256(bytes), sizeBytes: bytes.length };
  };

  #store(): Partial<Store> {
    const temporaryDir = path.join(this.folder, "tmp");
    fs.mkdirSync(temporaryDir, { recursive: true });
    return {
      temporaryDir,
      find: (digest) => this.entries.get(digest),
      ingest: async ({ path: file, filename, sha256: digest }) => {
        assert.is(digest, sha256(fs.readFileSync(file)));
        this.ingested.push(filename);
        const entry = {
          id: "" as never,
          path: path.join(this.folder, "store", digest!),
          wheelSha256: digest!,
          filename,
        };
        this.write(path.join("store", digest!, "tree", "x.dist-info", "METADATA"), coreMetadata(DEMO));
        this.entries.set(digest!, entry);
        return entry;
      },
      layout: () => ({ infoDir: "x.dist-info" }) as never,
    };
  }

  readonly #run = (async (_stage: string, input: BuildInput) => {
    this.builds.push(input);
    const wheel = makeWheel(this.built);
    if (input.want !== "metadata") return { path: this.write(`built/${wheel.filename}`, wheel.bytes) };
    this.write("built/x.dist-info/METADATA", coreMetadata(this.built));
    return { path: path.join(this.folder, "built/x.dist-info") };
  }) as unknown as Session["run"];
}

export const scene = (body: (scene: Scene) => Promise<void>) => async () => {
  const made = new Scene();
  try {
    await body(made);
    assert.equal(fs.readdirSync(path.join(made.folder, "tmp")), [], "nothing temporary is left");
  } finally {
    fs.rmSync(made.folder, { recursive: true });
  }
};
