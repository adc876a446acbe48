import type { Event } from "./event.ts";
import type { globals } from "./globals.ts";
import type { OptionSpecs, Values } from "./option.ts";
import type { ServiceKey } from "./service.ts";
import type { StageName, Stages } from "./stages.ts";

/** All that a plugin is handed: run a stage, tell what happens, use a service, read its settings, stop when asked. */
export interface Session {
  /** Absolute directory the command acts in (after `--directory`). */
  readonly cwd: string;
  /** Aborted by SIGINT, SIGTERM, SIGHUP or the library's `dispose()`. */
  readonly signal: AbortSignal;
  /**
   * The plugin's own settings and the shared ones as they are now, by name in code: what `SettingsTable.amend` changed, too. Use
   * `settingsOf` for the typed form.
   */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Runs a stage through its three beats. Throws `E_NO_HANDLER` when no plugin answers. */
  run<N extends StageName>(stage: N, input: Stages[N]["input"]): Promise<Stages[N]["output"]>;
  /**
   * What `run` would answer, where a plugin has it at hand and nothing has to be waited for; undefined where only `run` can tell.
   * For stages that are run hundreds of times.
   */
  atHand?<N extends StageName>(stage: N, input: Stages[N]["input"]): Stages[N]["output"] | undefined;
  emit(event: Event): void;
  /** The one instance of a service. Throws `E_NO_SERVICE` when no plugin provides it. */
  use<T>(key: ServiceKey<T>): Promise<T>;
}

/** A plugin's own settings with their types, from the specs its manifest declares. */
export const settingsOf = <S extends OptionSpecs>(session: Session, _specs: S): Values<S> =>
  session.settings as Values<S>;

/** The shared settings with their types. */
export const sharedSettings = (session: Session): Values<typeof globals> => session.settings as Values<typeof globals>;
