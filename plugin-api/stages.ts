import type { Wanted } from "./launch/zygote/place.ts";
import type { Sha256 } from "./model/digest.ts";
import type { DistributionFile, DistributionMetadata, Source, VersionPage } from "./model/distribution.ts";
import type { Artifact, Environment, LinkMode, Plan } from "./model/environment.ts";
import type { Interpreter } from "./model/interpreter.ts";
import type { Lock, LockRequest } from "./model/lock.ts";
import type { Demand, PackageName, Requirement } from "./model/requirement.ts";
import type { Pin, Request, Resolution } from "./model/resolution.ts";
import type { AskedParts } from "./project/parts.ts";
import type { TextStyle } from "./report.ts";
import type { ProjectChange } from "./system/project-change.ts";

/**
 * The pipeline: stage name, what goes in, what comes out. Inputs and outputs are frozen plain values. A plugin adds a
 * stage of its own by declaration merging. `report` is not here: it is the fan-out of events to observers.
 */
export interface Stages {
  /** For one environment. */
  resolve: { readonly input: Request; readonly output: Resolution };
  /** For all environments of a range at once: a universal resolution, not yet written down. */
  lock: { readonly input: LockRequest; readonly output: Lock };
  /** Which releases exist. The answer is a list, one page per index that has the package, in order of precedence. */
  "fetch.versions": { readonly input: VersionsQuery; readonly output: readonly VersionPage[] };
  "fetch.metadata": { readonly input: MetadataQuery; readonly output: DistributionMetadata };
  /** Makes a pin's wheel present in the store; an sdist is built on the way through the `build` stage. */
  "fetch.artifact": { readonly input: ArtifactQuery; readonly output: Artifact };
  link: { readonly input: LinkInput; readonly output: Environment };
  /** Gives somebody a clone of a repository to work in, at what the URL means; one that is there is brought to it. */
  "git.clone": { readonly input: CloneInput; readonly output: { readonly commit: string } };
  run: { readonly input: Invocation; readonly output: Outcome };
  build: { readonly input: BuildInput; readonly output: BuildOutput };
}
export type StageName = keyof Stages;

export interface VersionsQuery {
  /** Empty for a requirement that is a URL and nothing else: the page then tells the name of what lies there. */
  readonly name: PackageName;
  /** A requirement with a URL names its one candidate itself. */
  readonly requirement?: Requirement;
  /** Logical name of the one index to ask; without it all that are not explicit, as the strategy has it. */
  readonly index?: string;
  /** The interpreter that a build would run with, should a direct reference need one for its version. */
  readonly interpreter?: Interpreter;
  /** Plugins that must decline: one that adds to what the others know asks them by running the stage without itself. */
  readonly skip?: readonly string[];
}
export interface MetadataQuery {
  readonly name: PackageName;
  readonly version: string;
  readonly file: DistributionFile;
  readonly source: Source;
  /** The interpreter that a build would run with, should the metadata of an sdist need one. */
  readonly interpreter?: Interpreter;
}
export interface ArtifactQuery {
  readonly pin: Pin;
  readonly interpreter: Interpreter;
}
export interface CloneInput {
  /** `git+…`, as requirements have it. */
  readonly url: string;
  /** Absolute; absent, or a clone of the same repository. */
  readonly folder: string;
}
export interface LinkInput {
  readonly plan: Plan;
  readonly artifacts: readonly Artifact[];
  readonly mode: LinkMode;
  /** Files of a project that take effect together with the environment, all or nothing. */
  readonly files?: ProjectChange | undefined;
  /** Digest of the lock that the environment will equal as a whole if anything is to be changed, for its stamp. */
  readonly lockSha256?: Sha256 | undefined;
  /** What stays is put in again in this mode, and the environment keeps to it until another one is asked for. */
  readonly keepsMode?: true;
}
/** A source distribution (archive or tree) to turn into a wheel. */
export interface BuildInput {
  /** Empty when it is not known yet: whatever the sources are is built. */
  readonly name: PackageName;
  /** Empty when it is not known yet. */
  readonly version: string;
  /** Absolute path of an sdist archive or a source tree. */
  readonly path: string;
  readonly subdirectory?: string;
  readonly interpreter: Interpreter;
  /**
   * `metadata` runs `prepare_metadata_for_build_wheel` where the backend has it; `wheel` builds; `editable` makes a wheel that
   * leads to the source tree (PEP 660).
   */
  readonly want: "metadata" | "wheel" | "editable";
  /**
   * What a source tree holds, such as `git <commit>`: equal texts promise equal trees. It is then built once, in a copy; without
   * it, each time and where it lies.
   */
  readonly content?: string;
}
export interface BuildOutput {
  /** Absolute path of the wheel, or of the `.dist-info` folder that holds METADATA. */
  readonly path: string;
}

/**
 * A program about to run. `run.prepare` taps turn what the user typed into its final form, each adding what it knows:
 * one brings the environment, the last one the argv.
 */
export interface Invocation {
  /** What the user typed: `app.py`, the code after `-c`, the module after `-m`, `-`, a command's name. */
  readonly target: string;
  readonly kind: "script" | "module" | "code" | "stdin" | "command";
  /** Interpreter options given before the target, such as `-X dev`. */
  readonly pythonOptions: readonly string[];
  /** Interpreter options that plugins add before those. */
  readonly addedOptions?: readonly string[];
  readonly args: readonly string[];
  readonly cwd: string;
  /** Use no project environment: a new, empty one or that of `demands`. */
  readonly isIsolated?: boolean;
  /** What was asked of the project's environment; absent where nothing was. */
  readonly project?: ProjectWish;
  /** Requirements beside those the target itself names (`--with`). */
  readonly demands?: readonly Demand[];
  /** What limits their versions, and those of what they require. */
  readonly constraints?: readonly Demand[];
  /** The environment that what is demanded is laid over: all of it can be imported, too. */
  readonly base?: ChosenEnvironment;
  readonly environment?: ChosenEnvironment;
  /** What the environment was made of, when it was made for this run. */
  readonly pins?: readonly { readonly name: string; readonly version: string }[];
  readonly isCacheHit?: boolean;
  /** The script's own metadata, for the report (SPEC SCR-07). */
  readonly pep723?: { readonly dependencies: readonly string[]; readonly requires_python: string | null };
  /** Variables set for the child beside those of the process. */
  readonly env: Readonly<Record<string, string>>;
  /** Started within the Python process before the program, in this order. */
  readonly bootstraps?: readonly Bootstrap[];
  /** Starts a server that such programs are forked from; absent where none is wanted. */
  readonly startForkServer?: StartForkServer;
  /**
   * Names that an import finds at the top level here, with a blank before and behind each: the next run of a program that imports
   * nothing else need not be looked at.
   */
  readonly importable?: string;
  /** What makes this run faster, or might have, for `--explain` (SPEC RUN-08). */
  readonly accelerations?: readonly Acceleration[];
  /** Say so, before the program begins. */
  readonly isExplained?: boolean;
  /** Told when the program begins and ends; with one, the process does not become the program. */
  readonly stopwatch?: Stopwatch;
  /** Find out which imports can wait, by running the program several times (SPEC LZY-06). */
  readonly isLazySuggestion?: true;
  /** Say what would run, and run nothing. */
  readonly isDryRun: boolean;
  /** Capture the child's output instead of handing it the streams (SPEC OUT-06). */
  readonly isCaptured: boolean;
  /** Copy captured output to standard error as it comes. */
  readonly isStreamed: boolean;
  /** Told of captured output as it comes. */
  readonly onOutput?: (piece: Uint8Array, stream: "stdout" | "stderr") => void;
  /** The program is ended when it is aborted, as it is by the session's own. */
  readonly signal?: AbortSignal;
  /**
   * The words of the command line that decided all this: with the same ones the same may be run, while what it rests on is unchanged.
   * Absent for `run`, which has what it needs here, and where others must look again.
   */
  readonly askedBy?: readonly string[];
  /** The target is what it says, never the name of one of the project's tasks. */
  readonly isLiteral?: boolean;
  /** To be done after the child ends; with any, the process may not become the child. */
  readonly cleanUps: readonly (() => void)[];
}
/**
 * Python code that takes part in a run without a trace of how it came in: it runs while `site` is imported, after the `.pth` files
 * and before the user's `sitecustomize`. Python that is started with `-I`, `-E` or `-S` runs none.
 */
export interface Bootstrap {
  /** Part of a Python identifier, one per run. */
  readonly name: string;
  /** A module of its own, of Python 3.9 and later, that defines `start(config)`. */
  readonly source: string;
  /** JSON; `start` gets it as Python values. */
  readonly config: unknown;
  /** More modules by name, which `source` imports as `_pybun_<name>`. */
  readonly parts?: Readonly<Record<string, string>>;
  /**
   * A fork server can take part in its stead: the module also defines `serve(config)`, called once before libraries are loaded ahead,
   * which returns what is called without arguments in each fork, when `sys.argv` and the working directory are the program's.
   */
  readonly isForkable?: true;
}
/** Measures one run. */
export interface Stopwatch {
  begin(): void;
  /** Milliseconds by phase; null for what could not be measured. */
  end(): Readonly<Record<string, number | null>>;
}
/** Starts a fork server for programs like this one, beside this process and for later ones. */
export type StartForkServer = (
  wanted: Wanted,
  place: { readonly socket: string; readonly hasTerminal: boolean },
) => void;
/** One way to start faster. */
export interface Acceleration {
  /** `fork server`, `launch archive`, `lazy imports`, … */
  readonly name: string;
  readonly isUsed: boolean;
  /** Part of a sentence: `the program reads PYTHONHASHSEED`, `240 modules from one file`. */
  readonly reason: string;
}
/** How the project's environment is to be before a program runs in it (SPEC RUN-02, WS-05). */
export interface ProjectWish extends AskedParts {
  /** Leave it as it is. */
  readonly noSync: boolean;
  /** Fail when the lock does not match the project. */
  readonly locked: boolean;
  /** Use the lock as it is, without comparing. */
  readonly frozen: boolean;
}
export interface ChosenEnvironment {
  readonly path: string;
  /** `script`, `with`, or one of ENV-02's: `project`, `active`, … */
  readonly source: string;
  /** Executable to run. */
  readonly python: string;
  /** Folder with the commands of the environment below, whose Python is another. */
  readonly scriptsBelow?: string;
  /** Of an environment that was made of certain packages: once this folder has changed, it may hold others. */
  readonly sitePackages?: string;
  /** Files and folders beside those of settings whose change may mean another choice. */
  readonly decidedBy?: readonly string[];
  /** The same call may lead to another choice: it is not to be noted. */
  readonly isUnsettled?: true;
}
export interface Outcome {
  /** The invocation as it was run. */
  readonly invocation: Invocation;
  readonly argv: readonly string[];
  readonly exitCode: number;
  /** The signal that ended it, such as `SIGSEGV`; the exit code is then 128 and the signal's number. */
  readonly signal?: string;
  /** `exec`, `spawn`, or `dry-run`. */
  readonly execMode: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly isTruncated?: boolean;
  /** What is to be told in place of the program's own output, which was captured. */
  readonly told?: { readonly data: Readonly<Record<string, unknown>>; readonly text: (ui: TextStyle) => string };
  /** What the invocation's stopwatch says. */
  readonly timings?: Readonly<Record<string, number | null>>;
}
