import type { Installed } from "./model/environment.ts";
import type { Interpreter } from "./model/interpreter.ts";
import type { Demand } from "./model/requirement.ts";
import type { ResolutionPolicy } from "./model/resolution.ts";
import { serviceKey } from "./service.ts";

/** Environments kept by what is in them, so that equal requirements share one (SPEC SCR-02). */
export interface EnvironmentCache {
  /** The environment for these requirements, made when it is not there yet, and set right when others changed it. */
  ensure(order: CachedOrder): Promise<CachedEnvironment>;
}
export interface CachedOrder {
  readonly demands: readonly Demand[];
  readonly constraints?: readonly Demand[];
  readonly interpreter: Interpreter;
  readonly policy?: Partial<ResolutionPolicy>;
  /** An environment of the same interpreter to lay it over; its versions are preferred. */
  readonly over?: {
    readonly root: string;
    readonly sitePackages: string;
    readonly installed: readonly Pick<Installed, "name" | "version">[];
  };
  /** Make it in a temporary place and keep nothing; the caller runs `remove` when done. */
  readonly isTemporary?: boolean;
  /** Resolve and plan only. */
  readonly isDryRun?: boolean;
}
export interface CachedEnvironment {
  /** Absolute path of the environment; of where it would be, in a dry run. */
  readonly root: string;
  /** Its own Python executable. */
  readonly python: string;
  readonly sitePackages: string;
  readonly isHit: boolean;
  readonly pins: readonly { readonly name: string; readonly version: string }[];
  /** Removes a temporary environment, also when the process is ended by a signal; nothing for a kept one. */
  remove(): void;
}
export const EnvironmentCache = serviceKey<EnvironmentCache>("EnvironmentCache");
