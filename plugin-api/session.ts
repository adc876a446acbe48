import type { Event } from "./event.ts";
import type { ServiceKey } from "./service.ts";
import type { StageName, Stages } from "./stages.ts";

/** All that a plugin is handed: run a stage, tell what happens, use a service, read its settings, stop when asked. */
export interface Session {
  /** Absolute directory the command acts in (after `--directory`). */
  readonly cwd: string;
  /** Aborted by SIGINT, SIGTERM or the library's `dispose()`. */
  readonly signal: AbortSignal;
  /** The plugin's own settings and the shared ones, by name in code. Use `settingsOf` for the typed form. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Runs a stage through its three beats. Throws `E_NO_HANDLER` when no plugin answers. */
  run<N extends StageName>(stage: N, input: Stages[N]["input"]): Promise<Stages[N]["output"]>;
  emit(event: Event): void;
  /** The one instance of a service. Throws `E_NO_SERVICE` when no plugin provides it. */
  use<T>(key: ServiceKey<T>): Promise<T>;
}
