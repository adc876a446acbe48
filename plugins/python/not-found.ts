import { type Fix, PybunError } from "../../plugin-api/error.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Wish } from "../../plugin-api/python/interpreter-request.ts";
import { OLDEST_MINOR } from "./candidates.ts";
import type { Installable } from "./obtain.ts";
import type { Unusable } from "./select.ts";

export interface Refusal {
  readonly wish: Wish;
  /** Who asked: `--python`, `PYBUN_PYTHON`, `.python-version:1`. */
  readonly origin: string;
  /** What there is instead, best first. */
  readonly found: readonly Interpreter[];
  readonly unusable: readonly Unusable[];
  readonly installable: Installable;
}

/** `E_PYTHON_NOT_FOUND`: who asked for what, what there is instead, and why something that looked right is no use. */
export function notFound({ wish, origin, found, unusable, installable }: Refusal): PybunError {
  const installed = found.map(
    ({ version, implementation, source }) => `${named(implementation)}${version} (${source})`,
  );
  const isPath = wish.kind === "path" || wish.kind === "command";
  const reason = isPath ? unusable.at(-1)?.reason : undefined;
  const evidence = [
    ...(installed.length > 0 ? [`installed   ${[...new Set(installed)].join(", ")}`] : []),
    ...(installable.range === undefined ? [] : [`to install  ${installable.range}`]),
    ...unusable.filter(() => reason === undefined).map(({ path, reason }) => `unusable    ${path} ${reason}`),
  ];
  return new PybunError("E_PYTHON_NOT_FOUND", headline(wish, origin, reason), {
    evidence,
    hints: [hintFor(installed.length > 0, installable)],
    ...(installable.request !== undefined && { fixes: [installFix(installable.request)] }),
    context: {
      request: wish.text,
      origin,
      candidates: found.map(({ version, implementation, path, source }) => ({ version, implementation, path, source })),
      unusable,
    },
  });
}

function hintFor(isAnyHere: boolean, { request }: Installable): string {
  if (request !== undefined) return `install it: \`pybun python install ${request}\``;
  return isAnyHere
    ? "see what is there: `pybun python list`"
    : "install Python 3.9 or newer, or name one: `--python PATH`";
}

const installFix = (request: string): Fix => ({
  id: "install-python",
  applicability: "review",
  command: ["pybun", "python", "install", request],
});

/** Names a version below the oldest supported one. */
export const isTooOld = (wish: Wish): boolean =>
  wish.kind === "version" &&
  wish.minor !== undefined &&
  (wish.minor[0] < 3 || (wish.minor[0] === 3 && wish.minor[1] < OLDEST_MINOR));

const named = (implementation: string): string => (implementation === "cpython" ? "" : `${implementation} `);

function headline(wish: Wish, origin: string, reason: string | undefined): string {
  if (reason !== undefined) return `\`${wish.text}\`, asked by ${origin}, ${reason}`;
  if (wish.kind === "version" && wish.text === "") return "no Python was found on this machine";
  if (isTooOld(wish)) return `\`${wish.text}\`, asked by ${origin}, is too old: PyBun works with Python 3.9 and newer`;
  return `no Python matches \`${wish.text}\`, asked by ${origin}`;
}
