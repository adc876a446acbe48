import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { matchesBuild } from "../../plugin-api/python/interpreter-request.ts";
import { Host } from "../../plugin-api/services.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { counted } from "../../plugin-api/text/units.ts";
import type { remove as spec } from "./commands.ts";
import { type InstalledPython, installedPythons } from "./installed.ts";
import { unlinkCommands } from "./links.ts";
import { sweepLeftovers, takeAway, withStaging } from "./staging.ts";
import { usersOf } from "./users.ts";
import { type Asked, readRequests } from "./wishes.ts";

const remove: RunOf<typeof spec> = async ({ force }, requests, session) => {
  const host = await session.use(Host);
  await sweepLeftovers(session);
  const installed = installedPythons(host);
  const asked = await readRequests(requests, session);
  const doomed = [...new Set(asked.flatMap((each) => matching(each, installed)))];
  const used = doomed.map((python) => ({ python, users: usersOf(python, host) }));
  const [kept] = force ? [] : used.filter(({ users }) => users.length > 0);
  if (kept)
    throw inUse(
      kept.python,
      kept.users.map((root) => showPath(root, host)),
    );
  const links: string[] = [];
  for (const { root, name } of doomed) {
    await withStaging(name, session, async (staging) => takeAway(staging));
    links.push(...unlinkCommands(root, host));
  }
  return {
    exitCode: 0,
    data: {
      removed: used.map(({ python, users }) => ({ version: shown(python), path: python.root, environments: users })),
      links,
    },
    text: (ui) =>
      [
        ...doomed.map((python) => ` ${ui.del("-")} ${ui.name("python")} ${shown(python)}`),
        `${ui.ok("Removed")} ${counted(doomed.length, "Python")}`,
      ].join("\n"),
  };
};
export default remove;

const shown = ({ version, isFreeThreaded }: InstalledPython): string => `${version}${isFreeThreaded ? "t" : ""}`;

function matching({ wish, origin }: Asked, installed: readonly InstalledPython[]): readonly InstalledPython[] {
  const found = installed.filter((python) => matchesBuild(wish, { ...python, implementation: "cpython" }));
  if (found.length > 0) return found;
  const there = installed.map(shown);
  throw new PybunError("E_PYTHON_NOT_INSTALLED", `PyBun has installed no Python \`${wish.text}\``, {
    evidence: there.length > 0 ? [`installed   ${there.join(", ")}`] : [],
    hints: ["see what is there: `pybun python list`"],
    context: { request: wish.text, origin, installed: there },
  });
}

function inUse(python: InstalledPython, users: readonly string[]): PybunError {
  const count = counted(users.length, "environment");
  const verb = users.length === 1 ? "uses" : "use";
  return new PybunError("E_PYTHON_IN_USE", `${count} ${verb} Python ${shown(python)}`, {
    evidence: [
      ...users.slice(0, 10),
      ...(users.length > 10 ? [`and ${users.length - 10} more`] : []),
      "nothing was changed",
    ],
    hints: [`remove it all the same: \`pybun python remove --force ${shown(python)}\``],
    context: { python: shown(python), path: python.root, environments: users },
  });
}
