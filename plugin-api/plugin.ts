import type { Command, Load, Maturity } from "./command.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { CodeSpec } from "./error.ts";
import type { Stamped } from "./event.ts";
import type { OptionSpecs } from "./option.ts";
import type { ServiceKey } from "./service.ts";
import type { Session } from "./session.ts";
import type { StageName, Stages } from "./stages.ts";

/** The major version of this interface; a plugin made for another one is skipped with `E_PLUGIN_API`. */
export const API_VERSION = 1;

export type Order = "pre" | "post";
/** Rewrites the input, or returns it as it is. */
export type Prepare<N extends StageName> = (input: Stages[N]["input"], session: Session) => Promise<Stages[N]["input"]>;
/** Answers the stage, or declines with undefined so that the next plugin is asked. */
export type Perform<N extends StageName> = (
  input: Stages[N]["input"],
  session: Session,
) => Promise<Stages[N]["output"] | undefined>;
/**
 * As `Perform`, without waiting for anything; undefined where that takes waiting, or where another plugin is to be asked. What it
 * answers is what `Perform` would answer.
 */
export type AtHand<N extends StageName> = (
  input: Stages[N]["input"],
  session: Session,
) => Stages[N]["output"] | undefined;
/** Is told input and output, also when a cache answered; must be idempotent. */
export type Settle<N extends StageName> = (
  input: Stages[N]["input"],
  output: Stages[N]["output"],
  session: Session,
) => Promise<void>;

/** A handler's place and the module that holds it as default export. Order: `pre`, none, `post`, then the preset's. */
export interface Tap<F, I = never> {
  readonly order?: Order;
  /**
   * False for an input the handler would leave alone anyway: its module is then not even loaded. Pure, on the input and
   * the plugin's settings; left out where only the handler can tell.
   */
  readonly when?: (input: I, settings: Session["settings"]) => boolean;
  readonly load: Load<F>;
}
/** What one plugin does at one stage: any of the three beats. */
export interface Taps<N extends StageName> {
  readonly prepare?: Tap<Prepare<N>, Stages[N]["input"]>;
  /** Its module may export `atHand`, too. */
  readonly perform?: Tap<Perform<N>, Stages[N]["input"]> & {
    readonly load: () => Promise<{ readonly default: Perform<N>; readonly atHand?: AtHand<N> }>;
  };
  readonly settle?: Tap<Settle<N>, Stages[N]["input"]>;
}
/** A service and the module whose default export makes its one instance. */
export interface Provide<T = unknown> {
  readonly key: ServiceKey<T>;
  readonly load: Load<(session: Session) => T | Promise<T>>;
}
/** Ties a service key to its maker, with the type checked. */
export const provide = <T>(key: ServiceKey<T>, load: Load<(session: Session) => T | Promise<T>>): Provide => ({
  key,
  load,
});

/** Sees every event, synchronously and in order. Must not throw; may write only to the streams it owns. */
export type Observer = (event: Stamped) => void;

/** Reads settings of another tool's files, such as pip.conf, below all of PyBun's own (SPEC CFG-05). Values are by key. */
export type ReadForeignSettings = (place: {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: string;
  /** Tells of a file that can't be read: it is passed over. */
  readonly warn: (diagnostic: Diagnostic) => void;
}) => readonly ForeignSetting[];
export interface ForeignSetting {
  readonly key: string;
  readonly value: unknown;
  /** File the value was read from. */
  readonly origin: string;
  readonly line?: number;
}

/** A plugin is data: what it adds, and where the code for it is loaded from. */
export interface Plugin {
  /** Lower case, hyphens; unique in an assembly. */
  readonly name: string;
  readonly version: string;
  readonly apiVersion: number;
  readonly summary: string;
  readonly maturity: Maturity;
  /** Settings, declared once; each becomes a key, an environment variable and, where it has one, a global or command option. */
  readonly settings?: OptionSpecs;
  readonly commands?: Readonly<Record<string, Command>>;
  readonly stages?: { readonly [N in StageName]?: Taps<N> };
  readonly services?: readonly Provide[];
  /** Makes an observer for one run; loaded only if `when` says so (default: always). */
  readonly observe?: {
    readonly when?: (choice: OutputChoice) => boolean;
    readonly load: Load<(session: Session, choice: OutputChoice) => Observer | Promise<Observer>>;
  };
  readonly codes?: Readonly<Record<string, CodeSpec>>;
  readonly foreignSettings?: Load<ReadForeignSettings>;
  /** Path of its guide page below docs/guide, without the ending. */
  readonly docs?: string;
  /** What it touches beyond reading files: `network`, `run`, `write`. For those who read the manifest; nothing enforces it. */
  readonly permissions?: readonly string[];
}

/** How this run talks to its caller; decided before any plugin loads. */
export interface OutputChoice {
  readonly format: "text" | "json" | "ndjson";
  readonly color: "auto" | "always" | "never";
  readonly progress: "auto" | "always" | "never";
  readonly verbosity: number;
  readonly isQuiet: boolean;
  readonly isRedacted: boolean;
  readonly isTraced: boolean;
  /** The command hands its streams to a child. */
  readonly isHosting: boolean;
  /** What it says is how its work went, which `isQuiet` leaves out unless something was found. */
  readonly isAct: boolean;
}

/** Keeps the literal types of a manifest. */
export const definePlugin = <const P extends Plugin>(plugin: P): P => plugin;
