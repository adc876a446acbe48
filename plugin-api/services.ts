import type { Command } from "./command.ts";
import type { CodeSpec } from "./error.ts";
import type { Sha256 } from "./model/digest.ts";
import type {
  Destination,
  Environment,
  EnvironmentStamp,
  Installed,
  LinkMode,
  Plan,
  StoreEntry,
} from "./model/environment.ts";
import type { Interpreter } from "./model/interpreter.ts";
import type { Demand, PackageName } from "./model/requirement.ts";
import type { Resolution, ResolutionPolicy } from "./model/resolution.ts";
import type { StoreLayout } from "./model/store-layout.ts";
import type { Option, Origin } from "./option.ts";
import type { OutputChoice, Plugin } from "./plugin.ts";
import type { Redactor as RedactorType } from "./redact.ts";
import type { Report } from "./report.ts";
import { serviceKey } from "./service.ts";
import type { Invocation } from "./stages.ts";
import type { ProjectChange } from "./system/project-change.ts";
import type { LearnedIndex } from "./url-scope.ts";

/** The machine and process as the caller sees them; given by the kernel, so that a library caller can give its own. */
export interface Host {
  /** The words behind the product's name, as typed. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** `linux`, `darwin`, `win32`. */
  readonly platform: string;
  readonly arch: string;
  /** Absolute directory the command acts in. */
  readonly cwd: string;
  /** Data directory (SPEC VAR-01): packages, envs, index, logs. Absolute. */
  readonly dataDir: string;
  /** Project root (SPEC CLI-17), when there is one at or above the current directory. */
  readonly projectRoot: string | undefined;
  readonly isOffline: boolean;
  /** Both stdin and stderr are terminals and nothing forbids to ask (SPEC CLI-12). */
  readonly canPrompt: boolean;
  readonly runId: string;
  readonly startedAtMs: number;
  readonly output: OutputChoice;
  /** Version of the product. */
  readonly version: string;
}
export const Host = serviceKey<Host>("Host");

/** Wall-clock time; replaced in tests. */
export interface Clock {
  nowMs(): number;
  /** Resolves after so many milliseconds; rejects with the signal's reason when it is aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}
export const Clock = serviceKey<Clock>("Clock");

/** What is assembled: for help, completions, schema, explain, plugin list and MCP. */
export interface Catalogue {
  readonly product: {
    readonly name: string;
    readonly version: string;
    readonly commit: string;
    readonly preset: string;
  };
  readonly plugins: readonly (Plugin & { readonly origin: string })[];
  readonly commands: ReadonlyMap<string, { readonly command: Command; readonly plugin: string }>;
  readonly globals: Readonly<Record<string, Option>>;
  readonly codes: ReadonlyMap<string, CodeSpec & { readonly plugin: string }>;
}
export const Catalogue = serviceKey<Catalogue>("Catalogue");

/** Every setting with its value and where that came from. */
export interface SettingsTable {
  readonly entries: readonly SettingEntry[];
  get(key: string): SettingEntry | undefined;
  /**
   * Gives a setting, by its name in code, the value that a file says which the command reads, such as a requirements file.
   * To be done before the first stage runs: who was loaded before keeps what it saw. A setting that no plugin of the preset
   * has is passed over. Throws `E_POLICY` for one that is fixed.
   */
  amend(name: string, value: unknown, origin: Origin): void;
}
export interface SettingEntry {
  /** Dotted key of the configuration files. */
  readonly key: string;
  readonly option: Option;
  readonly plugin: string;
  readonly value: unknown;
  readonly origin: Origin;
}
export const SettingsTable = serviceKey<SettingsTable>("SettingsTable");

/** Requirements to environment: resolve, plan, fetch, link. Used by run, x, sync and build isolation alike. */
export interface Provision {
  /** Throws what the stages throw; nothing is touched before the plan is complete. */
  provision(order: ProvisionOrder): Promise<Provisioned>;
}
export interface ProvisionOrder {
  readonly demands: readonly Demand[];
  readonly constraints?: readonly Demand[];
  readonly destination: Destination;
  readonly policy?: Partial<ResolutionPolicy>;
  /** Versions to keep if they fit. */
  readonly preferences?: ReadonlyMap<PackageName, string> | undefined;
  readonly linkMode?: LinkMode;
  /** Stop after the plan. */
  readonly isDryRun?: boolean;
  /** A resolution made before (from a lock, say), used as it is. */
  readonly resolution?: Resolution;
  /** As in `LinkInput`. */
  readonly files?: ProjectChange | undefined;
  /** As in `LinkInput`. */
  readonly lockSha256?: Sha256 | undefined;
  /** The environment as it was read a moment ago: what has changed since makes for `E_LINK_CHANGED`. By default it is read. */
  readonly existing?: Environment | undefined;
}
export interface Provisioned {
  readonly resolution: Resolution;
  readonly plan: Plan;
  /** Absent after a dry run. */
  readonly environment?: Environment;
}
export const Provision = serviceKey<Provision>("Provision");

/** HTTP with pooling, retries, proxies, certificates, credentials and a disk cache (SPEC FET-01 to FET-12). */
export interface Http {
  /**
   * GET through the cache. Never throws for a status: look at `status`. Throws `E_NETWORK` (after the retries),
   * `E_OFFLINE_MISS`, `E_LIMIT`. Concurrent calls for one URL and `accept` share one request.
   */
  get(url: string, options?: GetOptions): Promise<HttpAnswer>;
  /**
   * `bytes=start-end` (both inclusive) or the last `-start` bytes. Undefined when the server ignores ranges. Throws as `get`,
   * and `E_NETWORK` for 404.
   */
  range(url: string, range: { readonly start: number; readonly end?: number }): Promise<RangeAnswer | undefined>;
  /**
   * Streams to `path` (made exclusively, removed on failure), hashing on the way. Throws `E_HASH_MISMATCH` when
   * `sha256` differs, `E_LIMIT` above `maxBytes`, `E_NETWORK` for a status other than 200 or a short body.
   */
  download(
    url: string,
    path: string,
    options?: DownloadOptions,
  ): Promise<{ readonly sha256: Sha256; readonly sizeBytes: number }>;
}
export interface GetOptions {
  readonly accept?: string;
  readonly maxBytes?: number;
  /** `refresh` revalidates whatever its age; `bypass` neither reads nor writes the cache, and the body is the caller's own. */
  readonly cache?: "default" | "refresh" | "bypass";
  /** Validators the caller holds with a decoded copy; a 304 is then handed through as status 304 with an empty body. */
  readonly etag?: string;
  readonly lastModified?: string;
}
export interface HttpAnswer {
  readonly status: number;
  /** After redirects; without credentials. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly isFromCache: boolean;
  /** Milliseconds since the epoch until which the answer needs no revalidation. */
  readonly freshUntilMs: number;
  readonly fetchedAtMs: number;
  /** Whether the server lets the answer be kept (`Cache-Control`, `Vary`). */
  readonly isStorable: boolean;
}
export interface RangeAnswer {
  readonly bytes: Uint8Array;
  /** Size of the whole file. */
  readonly totalBytes: number;
  /** Offset of `bytes[0]`. */
  readonly offset: number;
}
export interface DownloadOptions {
  readonly sha256?: Sha256;
  readonly sizeBytes?: number;
  readonly maxBytes?: number;
  readonly onBytes?: (received: number, total: number | undefined) => void;
}
export const Http = serviceKey<Http>("Http");

/** A user name and its password. A token is the password of the user `__token__`. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Which login to show to whom (SPEC AUT-01, AUT-02): to an index's scheme, host and port, and nobody else. */
export interface Credentials {
  /** What to show at once: the login in the URL, in the index's variables, in netrc, or kept in the file of `Vault`. */
  for(url: string): Login | undefined | Promise<Login | undefined>;
  /**
   * What else there is to show, once the server has answered 401 to what `for` gave: the keychain's. From then on `for`
   * gives it too. Undefined when that is nothing new.
   */
  afterRefusal(url: string): Promise<Login | undefined>;
  /**
   * Takes in what an index's URL says, and the variables `PYBUN_INDEX_<NAME>_USERNAME`, `_PASSWORD`, `_TOKEN` for its
   * name, for all requests to the same scheme, host and port; where several indexes share those, the longest path decides.
   * Where `PYBUN_INDEX_<NAME>_URL` or else `home` has the index of that name on another server, what variables say is left out
   * with `W_LOGIN_WITHHELD`. Returns the URL without user-info. Throws nothing.
   */
  learn(index: LearnedIndex): string;
}
export const Credentials = serviceKey<Credentials>("Credentials");

/** Where a login is kept; `keychain` also when a program keeps it there. */
export type LoginPlace = "keychain" | "file";
/** A login that is kept, without its password. */
export interface KeptLogin {
  /** The index's URL, without user-info. */
  readonly url: string;
  readonly username: string;
  readonly place: LoginPlace;
}
/** Logins kept for later runs (SPEC AUT-10): in the system's keychain, else in a file that only its owner can read. */
export interface Vault {
  /** What the file keeps for the place a URL is of; of `username` where one is given. One small read a run. */
  stored(url: string, username?: string): Login | undefined;
  /** What the keychain keeps. May start a program or have the person unlock it, so ask only when a server has refused. */
  fromKeychain(url: string, username?: string): Promise<Login | undefined>;
  /** Keeps a login in place of an older one of the same URL and user; warns when there is no keychain to keep it in. */
  keep(url: string, login: Login): Promise<KeptLogin>;
  /** Forgets the logins of a URL, or only that of one user. Returns those that were there. */
  forget(url: string, username?: string): Promise<readonly KeptLogin[]>;
  /** All that is kept, sorted by URL. Never opens the keychain. */
  list(): readonly KeptLogin[];
  /** Absolute path of the file. */
  readonly file: string;
}
export const Vault = serviceKey<Vault>("Vault");

/** An index as it is configured. */
export interface ConfiguredIndex {
  /** Logical name, as locks and messages say it. */
  readonly name: string;
  /** Absolute, ending in a slash or in `.json`; without user-info. */
  readonly url: string;
  /** User name that the configured URL names; the password may be kept elsewhere. */
  readonly username?: string;
  /** Serves only packages that are pinned to it. */
  readonly isExplicit: boolean;
}
/** The configured indexes, in the order they are asked. */
export interface Indexes {
  /** Throws `E_INDEX_INVALID`. */
  list(): readonly ConfiguredIndex[];
}
export const Indexes = serviceKey<Indexes>("Indexes");

/** The content-addressed store of unpacked wheels (SPEC STO-01 to STO-09). */
export interface Store {
  /** The entry of a wheel that is already here, by the archive's digest. One small read and one stat. */
  find(wheelSha256: Sha256): StoreEntry | undefined;
  /**
   * Takes a wheel file into the store: validates archive and RECORD, unpacks, deduplicates, renames into place; an entry
   * that can be found survives a loss of power. The file stays where it is. Throws `E_ARCHIVE_UNSAFE`, `E_HASH_MISMATCH`,
   * `E_LIMIT` and system errors. Two ingests of one wheel do the work once. `isHashed`: the caller has seen this digest of what it
   * has just written to `temporaryDir`.
   */
  ingest(wheel: {
    readonly path: string;
    readonly filename: string;
    readonly sha256?: Sha256;
    readonly isHashed?: boolean;
  }): Promise<StoreEntry>;
  /** What linking needs to know of an entry, computed at ingest: never a walk over the tree. Notes the use for `gc`. */
  layout(entry: StoreEntry): StoreLayout;
  /**
   * RECORD lines, each ended by a line feed, of all that an entry puts into site-packages, `.dist-info` included: paths
   * relative to site-packages. RECORD itself and the files of `StoreLayout.data` are not in it.
   */
  recordRows(entry: StoreEntry): string;
  /**
   * Compiles the modules of entries for an interpreter's cache tag, once for all environments (SPEC STO-07): unchecked
   * `.pyc` files in the trees' `__pycache__` folders. Entries compiled before cost a stat each. `wait`: resolves when all is
   * done, with the number of files compiled. `detach`: starts a process that outlives this one, and resolves at once.
   */
  compile(
    entries: readonly StoreEntry[],
    interpreter: Interpreter,
    mode: "wait" | "detach",
  ): Promise<{ readonly compiled: number; readonly failed: number }>;
  /** Whether `compile` is done with an entry for this cache tag. */
  isCompiled(entry: StoreEntry, cacheTag: string): boolean;
  /** Folder for downloads in flight and unfinished work, on the store's file system; removed when the process ends. */
  readonly temporaryDir: string;
}
export const Store = serviceKey<Store>("Store");

/** Finds and probes interpreters (SPEC PY-07 to PY-12). */
export interface Interpreters {
  /**
   * The interpreter for a request in PY-11's order. Throws `E_PYTHON_NOT_FOUND` with candidates. `request` is a version
   * (`3.12`), a specifier (`>=3.10`), a name (`pypy3.10`, `python3.11`) or a path; undefined takes the default.
   */
  find(request: PythonRequest): Promise<Interpreter>;
  /** All that can be found, best first, each real executable once. */
  list(): Promise<readonly Interpreter[]>;
  /** Probes one executable (cached by the file's identity). Throws `E_PYTHON_NOT_FOUND` when it is not a Python. */
  probe(path: string, source: Interpreter["source"]): Promise<Interpreter>;
  /**
   * Who asks for a Python that `interpreter` is not: the request given, else the setting `python`, `.python-version`, the
   * project's `requires-python`. Undefined when it will do.
   */
  misfit(interpreter: Interpreter, asked: PythonRequest): Promise<Misfit | undefined>;
  /** What this directory asks for, first wish first (setting, `.python-version`, `requires-python`); empty for anything. */
  wanted(): Promise<readonly { readonly text: string; readonly origin: string }[]>;
  /** Emits `W_PYTHON_OUT_OF_RANGE`, once, when the project's `requires-python` excludes an interpreter that was asked for. */
  checkProject(interpreter: Interpreter): Promise<void>;
}
/** A request that an interpreter does not meet. */
export interface Misfit {
  readonly request: string;
  /** `--python`, `PYBUN_PYTHON`, `.python-version:1`, `requires-python`. */
  readonly origin: string;
}
export interface PythonRequest {
  readonly request?: string;
  /** Who asked, for the error: `--python`, `PYBUN_PYTHON`, `script.py:2`, `.python-version`. */
  readonly origin?: string;
  /** A `Requires-Python` specifier to satisfy when no request is given. Without one, the project's own is read. */
  readonly requiresPython?: string;
  readonly requiresPythonOrigin?: string;
  /** `requiresPython` is a script's (PEP 723): it then ranks above `.python-version` and the environment (SPEC PY-11). */
  readonly isScript?: boolean;
}
export const Interpreters = serviceKey<Interpreters>("Interpreters");

/** Makes, finds, reads and guards environments (SPEC ENV-01 to ENV-20, LNK-07). */
export interface Environments {
  /** The environment for the working directory by ENV-02; undefined when one has to be made first. Throws `E_ENV_BROKEN`. */
  select(): Promise<SelectedEnvironment | undefined>;
  /**
   * Where a command that needs packages has to put them (ENV-02, ENV-04, ENV-12): the selected environment, or the one to be
   * made. An own environment of another Python than the one wanted is to be rebuilt: it then has no `selected`. Emits
   * `W_PYTHON_MISMATCH` for a foreign one. Throws `E_PYTHON_MISMATCH` when `--python` asked, and what `select` and
   * `Interpreters.find` throw.
   */
  target(asked?: PythonRequest): Promise<TargetEnvironment>;
  /** Reads an environment: interpreter and installed distributions. Throws `E_ENV_BROKEN`. */
  read(root: string): Promise<Environment>;
  /** Where an interpreter installs into: the environment it lies in, else the installation itself. Throws `E_ENV_BROKEN`. */
  of(interpreter: Interpreter): Promise<SelectedEnvironment>;
  /**
   * Writes the skeleton of a new environment into `directory` (which must not exist) as if it were at
   * `destination.root`; starts no Python.
   */
  writeSkeleton(destination: Destination, directory: string): Promise<void>;
  /** Distributions in a site-packages folder, sorted by name. `stamp`, the environment's, tells which wheels they came from. */
  installed(sitePackages: string, stamp?: EnvironmentStamp): readonly Installed[];
  /** Makes an empty environment at `destination.root`, whole or not at all; for a project also its `.venv` (ENV-05). */
  create(destination: Destination): Promise<void>;
  /**
   * Runs `change` while nobody else changes the environment at `root`, which need not exist yet. What a killed command left
   * there half done is completed first. Throws `E_LOCK_BUSY`. Not to be nested.
   */
  alone<T>(root: string, change: () => T | Promise<T>): Promise<T>;
}
export interface SelectedEnvironment {
  readonly path: string;
  readonly source: "PYBUN_ENV" | "PYBUN_PYTHON" | "project" | "dot-venv" | "active" | "global" | "host";
  readonly python: string;
  readonly environment: Environment;
}
export interface TargetEnvironment {
  readonly root: string;
  readonly source: SelectedEnvironment["source"];
  readonly interpreter: Interpreter;
  /** Absent when the environment has to be made or rebuilt. */
  readonly selected?: SelectedEnvironment;
  /** What is there now and has to give way, when the environment has to be rebuilt. */
  readonly replaced?: Environment;
}
export const Environments = serviceKey<Environments>("Environments");

/** Answers `--help`, `--version` and a call without a command. `path` is the command's path or the empty text. */
export interface Help {
  show(path: string, verbosity: number): Report;
  version(): Report;
}
export const Help = serviceKey<Help>("Help");

/** The redactor of this run, given by the kernel: whoever loads a secret adds it, whoever writes text goes through it. */
export type Redactor = RedactorType;
export const Redactor = serviceKey<Redactor>("Redactor");

/** Runs a program, and again or with its changes put in whenever its files change, until PyBun is stopped; for `run --watch`. */
export interface Watching {
  /** `next` gives the invocation, as it would be run once, anew for each start. Ends with what came of it all. */
  watch(next: () => Promise<Invocation>): Promise<Report>;
}
export const Watching = serviceKey<Watching>("Watching");
