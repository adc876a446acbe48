import type { ManagedPythons } from "../../plugin-api/managed-pythons.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Wish } from "../../plugin-api/python/interpreter-request.ts";
import type { Place } from "./folders.ts";
import { identifyPath } from "./identify.ts";

/** Where interpreters are looked for, and who brings one that is missing. */
export interface Seeker {
  readonly place: Place;
  /** Undefined where nobody installs Pythons. */
  readonly managed?: () => Promise<ManagedPythons | undefined>;
  /** A missing one is installed; without it, what is here is all there is. */
  readonly obtain?: true;
}

/** An interpreter installed for a wish that nothing here meets; undefined where that is not wanted or not possible. */
export async function obtainFor(wish: Wish, origin: string, seeker: Seeker): Promise<Interpreter | undefined> {
  if (!seeker.obtain || wish.kind !== "version") return undefined;
  const executable = await (await seeker.managed?.())?.obtain(wish, origin);
  if (executable === undefined) return undefined;
  const found = await identifyPath(executable, "managed", seeker.place);
  return "interpreter" in found ? found.interpreter : undefined;
}

/** What `pybun python install` could do about a wish. */
export interface Installable {
  /** The words that ask for it: `3.12`, or `3.12.4` where that one is meant. */
  readonly request?: string;
  /** What there is to install: `3.9 to 3.15`. */
  readonly range?: string;
}

/** Nothing in it where nobody installs, and no request where installing would not help. */
export async function installableFor(wish: Wish, { managed }: Seeker): Promise<Installable> {
  const service = wish.kind === "version" ? await managed?.() : undefined;
  if (service === undefined || wish.kind !== "version") return {};
  const [python, range] = [await service.installable(wish), await service.range()];
  const offered = range === undefined ? {} : { range };
  if (python === undefined) return offered;
  const suffix = python.isFreeThreaded ? "t" : "";
  const isExact = wish.specifier.clauses.some(({ operator, version }) => operator === "==" && !version.endsWith(".*"));
  const version = isExact ? python.version : python.version.split(".").slice(0, 2).join(".");
  return { ...offered, request: `${version}${suffix}` };
}
