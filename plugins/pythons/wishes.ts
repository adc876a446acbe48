import fs from "node:fs";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import { parseRequest, requiresWish, type VersionWish } from "../../plugin-api/python/interpreter-request.ts";
import { Host, Interpreters } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { minorsOf, type Sources } from "./sources.ts";

/** What is to be installed, and who asks for it. */
export interface Asked {
  readonly wish: VersionWish;
  readonly origin: string;
}

/** The requests of a command line. Throws `E_PYTHON_NOT_AVAILABLE` for one that names no version of CPython. */
export async function readRequests(requests: readonly string[], session: Session): Promise<readonly Asked[]> {
  const { home } = await session.use(Host);
  return requests.map((text) => readRequest(text, { cwd: session.cwd, home, origin: "the command line" }));
}

/** What this directory asks for; the newest of all where it asks for nothing. */
export async function wishesHere(session: Session): Promise<readonly Asked[]> {
  const { home } = await session.use(Host);
  const wanted = await (await session.use(Interpreters)).wanted();
  if (wanted.length === 0) return [{ wish: requiresWish(""), origin: "the command line" }];
  return wanted.map(({ text, origin }) => readRequest(text, { cwd: session.cwd, home, origin }));
}

interface Around {
  readonly cwd: string;
  readonly home: string;
  readonly origin: string;
}

function readRequest(text: string, { cwd, home, origin }: Around): Asked {
  const refused = (reason: string): PybunError =>
    new PybunError("E_PYTHON_NOT_AVAILABLE", `\`${text}\`, asked by ${origin}, ${reason}`, {
      hints: ["ask for a version such as `3.12`, or a range such as `>=3.10,<3.13`"],
      context: { request: text, origin },
    });
  try {
    const wish = parseRequest(text, { cwd, home, exists: fs.existsSync });
    if (wish.kind !== "version") throw refused("is not a version");
    if (wish.implementation !== "cpython") throw refused("can't be installed: PyBun brings CPython only");
    return { wish, origin };
  } catch (error) {
    if (error instanceof InvalidSyntax) throw refused("is not a version");
    throw error;
  }
}

/** No archive fits: what there is instead. */
export function notAvailable({ wish, origin }: Asked, sources: Sources): PybunError {
  const { target } = sources;
  const there = minorsOf(sources);
  return new PybunError("E_PYTHON_NOT_AVAILABLE", `no CPython \`${wish.text}\` can be installed, asked by ${origin}`, {
    evidence: [`to install  ${there ?? `nothing for ${target ?? "this platform"}`}`],
    hints: there === undefined ? [] : ["see all of them: `pybun python list --available`"],
    context: { request: wish.text, origin, target: target ?? null },
  });
}
