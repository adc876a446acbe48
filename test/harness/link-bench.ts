import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Event } from "../../plugin-api/event.ts";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { Artifact, Destination, Environment, Installed, LinkMode } from "../../plugin-api/model/environment.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Edge, Pin } from "../../plugin-api/model/resolution.ts";
import type { Plugin } from "../../plugin-api/plugin.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { parseWheelFilename } from "../../plugin-api/python/wheel-filename.ts";
import { Catalogue, Environments, Host, Interpreters, Store } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import link from "../../plugins/linker/link.ts";
import openStore from "../../plugins/store/store.ts";
import openEnvironments from "../../plugins/venv/service.ts";
import settleLink from "../../plugins/venv/settle-link.ts";
import { removeTree } from "./files.ts";
import { describeInterpreter, onlyInterpreter } from "./interpreter.ts";
import { catalogueOf } from "./plugin-session.ts";
import { findPython, type Python } from "./python.ts";
import type { Release } from "./release.ts";
import { makeWheel } from "./wheel.ts";

/** What is to be in an environment, beside what is there. */
export interface LinkOrder {
  readonly root: string;
  readonly install?: readonly Artifact[];
  /** Names of installed distributions to remove. */
  readonly remove?: readonly string[];
  readonly mode?: LinkMode;
  readonly destination?: Partial<Destination>;
}

/** A store, the two services around environments and the linker, wired to each other as the product does. */
export interface LinkBench {
  readonly dir: string;
  readonly interpreter: Interpreter;
  readonly events: Event[];
  readonly environments: Environments;
  readonly store: Store;
  readonly session: Session;
  /** Makes a wheel of the release and takes it into the store. */
  add(release: Release, more?: { readonly tags?: string; readonly pin?: Partial<Pin> }): Promise<Artifact>;
  /** Takes a wheel file into the store. */
  take(file: string, pin?: Partial<Pin>): Promise<Artifact>;
  link(order: LinkOrder): Promise<Environment>;
  remove(): void;
}

export interface BenchOptions {
  readonly python?: Python | undefined;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly platform?: string;
  /** Those that are said to be there, beside the ones this is made of. */
  readonly plugins?: readonly Plugin[];
  /** Folder for everything; a new temporary one without it. An existing one is used as it is. */
  readonly dir?: string;
  readonly dataDir?: string;
}

export async function openLinkBench(options: BenchOptions = {}): Promise<LinkBench> {
  const dir = options.dir ?? fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "link-")));
  const dataDir = options.dataDir ?? path.join(dir, "data");
  const python = options.python ?? findPython();
  if (!python) throw new Error("the tests need a Python on PATH");
  const interpreter = await describeInterpreter(python, dataDir);
  const events: Event[] = [];
  const session = sessionFor({ dir, dataDir, interpreter, events, options });
  const environments = await session.use(Environments);
  const store = await session.use(Store);
  const take = async (file: string, pin: Partial<Pin> = {}): Promise<Artifact> => {
    const filename = path.basename(file);
    const sha256 = createHash("sha256").update(fs.readFileSync(file)).digest("hex") as Sha256;
    return { pin: pinFor(filename, sha256, pin), entry: await store.ingest({ path: file, filename, sha256 }) };
  };
  return {
    dir,
    interpreter,
    events,
    environments,
    store,
    session,
    take,
    add: async (release, { tags, pin } = {}) => {
      const { filename, bytes } = makeWheel(release, tags);
      const folder = fs.mkdtempSync(path.join(dir, "wheel-"));
      fs.writeFileSync(path.join(folder, filename), bytes);
      return take(path.join(folder, filename), pin);
    },
    link: (order) => linkOn(order, { environments, interpreter, session }),
    remove: () => removeTree(dir),
  };
}

function sessionFor(bench: {
  readonly dir: string;
  readonly dataDir: string;
  readonly interpreter: Interpreter;
  readonly events: Event[];
  readonly options: BenchOptions;
}): Session {
  const { dir, dataDir, interpreter, events, options } = bench;
  const platform = options.platform ?? process.platform;
  const host = { env: {}, home: dir, platform, cwd: dir, dataDir, projectRoot: undefined, version: "0.1.0" };
  const settings = { linkMode: "auto", linkCopy: [], breakSystemPackages: false, dotVenv: true, location: "project" };
  const services = new Map<string, unknown>([
    [Host.name, host],
    [Interpreters.name, onlyInterpreter(interpreter, dataDir)],
    [Catalogue.name, catalogueOf(options.plugins ?? [])],
  ]);
  const makers: Readonly<Record<string, (session: Session) => Promise<unknown>>> = {
    [Store.name]: openStore,
    [Environments.name]: openEnvironments,
  };
  const session = {
    cwd: dir,
    signal: new AbortController().signal,
    settings: { ...settings, ...options.settings },
    emit: (event: Event) => void events.push(event),
    run: async (stage: string, input: Parameters<typeof link>[0]) => {
      if (stage !== "link") throw new Error(`the test expects no stage ${stage}`);
      const output = (await link(input, session)) as Environment;
      await settleLink(input, output, session);
      return output;
    },
    use: async ({ name }: { readonly name: string }) => {
      if (!services.has(name)) services.set(name, await makers[name]?.(session));
      return services.get(name);
    },
  } as unknown as Session;
  return session;
}

function pinFor(filename: string, sha256: Sha256, more: Partial<Pin>): Pin {
  const { name, version } = parseWheelFilename(filename);
  return {
    name,
    version,
    source: { kind: "index", index: "test" },
    file: { filename, kind: "wheel", url: "file:///", sha256, isYanked: false, hasMetadataFile: false },
    extras: [],
    dependencies: [],
    isDirect: false,
    ...more,
  };
}

/** An edge to another pin, for `Pin.dependencies`. */
export const edge = (name: string): Edge => ({ name: normalizeName(name), extras: [], specifier: "" });

async function linkOn(
  { root, install = [], remove = [], mode = "auto", destination = {} }: LinkOrder,
  { environments, interpreter, session }: Pick<LinkBench, "environments" | "interpreter" | "session">,
): Promise<Environment> {
  const existing = fs.existsSync(path.join(root, "pyvenv.cfg")) ? await environments.read(root) : undefined;
  const isReplaced = ({ name }: Installed): boolean => install.some(({ pin }) => pin.name === name);
  const isGone = ({ name }: Installed): boolean => remove.includes(name);
  const installed = existing?.installed ?? [];
  const plan = {
    destination: { root, interpreter, isExact: false, ...destination },
    existing,
    install: install.map(({ pin }) => pin),
    remove: installed.filter((each) => isGone(each) || isReplaced(each)),
    keep: installed.filter((each) => !isGone(each) && !isReplaced(each)),
    digest: "d".repeat(64),
  };
  return session.run("link", { plan, artifacts: install, mode });
}
