import { PybunError } from "../plugin-api/error.ts";
import { emitter, type Seeing } from "../plugin-api/fan-out.ts";
import { perObject } from "../plugin-api/per-object.ts";
import type { ServiceKey } from "../plugin-api/service.ts";
import type { SettingEntry } from "../plugin-api/services.ts";
import type { Session } from "../plugin-api/session.ts";
import { valuesFor } from "../plugin-api/settings-table.ts";
import type { StageName } from "../plugin-api/stages.ts";
import type { Assembly } from "./assemble.ts";
import { KERNEL } from "./assemble.ts";
import { attribute } from "./failure.ts";
import type { SessionOf, Stage } from "./stage.ts";

/** What all sessions of one run share. */
export interface Shared {
  readonly assembly: Assembly;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly settings: ReadonlyMap<string, SettingEntry>;
  /** Services the kernel itself gives, by key name. */
  readonly given: ReadonlyMap<string, unknown>;
  readonly observers: Seeing[];
}
export interface Sessions {
  readonly of: SessionOf;
  /** Stages that were begun and never ended: a lost promise, which must not look like success. */
  unfinished(): readonly string[];
  /** What the system said when an observer could not write; undefined when all that was to be shown was. */
  lostOutput(): unknown;
  /** Ends the services that want to be told. */
  dispose(): void;
}

/** What is written and compiled for a stage serves all commands that a process runs. */
const stagesOf = perObject((_assembly: Assembly) => new Map<StageName, Stage>());

/** One session per plugin: the plugin's own settings and the shared ones, everything else in common. */
export function openSessions(shared: Shared): Sessions {
  const sessions = new Map<string, Session>();
  let lost: unknown;
  const emit = emitter(shared.observers, (error) => {
    if ((error as NodeJS.ErrnoException).syscall === "write") lost ??= error;
  });
  const services = new Services(shared, (plugin) => of(plugin));
  const stages = stagesOf(shared.assembly);
  // Many commands run no stage: they need not load what stages are made of.
  const make = async (name: StageName): Promise<Stage> => {
    const tapped = shared.assembly.stages.get(name);
    if (!tapped) throw new PybunError("E_NO_HANDLER", `no plugin can answer the stage \`${name}\``);
    const { Stage } = await import("./stage.ts");
    if (!stages.has(name)) stages.set(name, new Stage(name, tapped));
    return stages.get(name) as Stage;
  };
  const underWay: StageName[] = [];
  const run: Session["run"] = async (name, input) => {
    underWay.push(name);
    try {
      return await (stages.get(name) ?? (await make(name))).run(input, of);
    } finally {
      underWay.splice(underWay.indexOf(name), 1);
    }
  };
  const of: SessionOf = (plugin) => {
    let session = sessions.get(plugin);
    if (session) return session;
    const values = valuesFor([plugin, KERNEL], shared.settings);
    session = Object.freeze<Session>({
      cwd: shared.cwd,
      signal: shared.signal,
      get settings() {
        return values();
      },
      run,
      atHand: (name, input) => stages.get(name)?.atHand(input, of),
      emit,
      use: (key) => services.use(key),
    });
    sessions.set(plugin, session);
    return session;
  };
  const unfinished = () => [...new Set(underWay)];
  return { of, unfinished, lostOutput: () => lost, dispose: () => services.dispose() };
}

/** One instance of each service per run, made when it is first asked for. */
class Services {
  readonly #shared: Shared;
  readonly #of: SessionOf;
  readonly #promised = new Map<string, Promise<unknown>>();
  readonly #made: unknown[] = [];

  constructor(shared: Shared, of: SessionOf) {
    this.#shared = shared;
    this.#of = of;
  }

  use<T>(key: ServiceKey<T>): Promise<T> {
    let service = this.#promised.get(key.name);
    if (!service) this.#promised.set(key.name, (service = this.#make(key.name)));
    return service as Promise<T>;
  }

  dispose(): void {
    for (const service of this.#made.toReversed()) (service as Partial<Disposable>)[Symbol.dispose]?.();
  }

  async #make(name: string): Promise<unknown> {
    const { given, assembly } = this.#shared;
    if (given.has(name)) return given.get(name);
    const owner = assembly.services.get(name);
    if (!owner) throw new PybunError("E_NO_SERVICE", `no plugin provides the service \`${name}\``);
    try {
      const service = await (await owner.provide.load()).default(this.#of(owner.plugin));
      this.#made.push(service);
      return service;
    } catch (error) {
      throw attribute(error, { plugin: owner.plugin, stage: name });
    }
  }
}
