import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { Environment } from "../../plugin-api/model/environment.ts";
import { Environments, Host, Store } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { readEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";
import { counted } from "../../plugin-api/text/units.ts";
import { chosen } from "./chosen.ts";
import type { materialize as spec } from "./commands.ts";
import { aroundOf, isEnvironment, namedEnvironment, shownPath } from "./places.ts";

const materialize: RunOf<typeof spec> = async ({ env }, _operands, session) => {
  const around = aroundOf(session, await session.use(Host));
  const environment = env === undefined ? (await chosen(session)).selected.environment : await named(env, session);
  const { root, interpreter, installed } = environment;
  if (!isEnvironment(root))
    throw new PybunError("E_ENV_NOT_FOUND", `\`${shownPath(root, around)}\` is a Python itself, not an environment`, {
      hints: ["make one: `pybun env create`"],
    });
  const store = await session.use(Store);
  const ours = installed.filter(({ wheelSha256 }) => wheelSha256 !== undefined);
  const left = ours.filter(({ wheelSha256 }) => wheelSha256 && !store.find(wheelSha256)).map(({ name }) => name);
  const before = readEnvironmentStamp(root);
  const isDone = before?.keepsMode === true && before.linkMode !== "tree";
  if (!isDone) {
    const destination = { root, interpreter, isExact: false };
    const digest = before?.plan ?? "";
    const plan = { destination, existing: environment, install: [], keep: installed, remove: [], digest };
    await session.run("link", { plan, artifacts: [], mode: "copy", keepsMode: true });
  }
  const count = ours.length - left.length;
  return {
    exitCode: 0,
    data: {
      env: { path: root, python: environment.python },
      packages: count,
      link_mode: readEnvironmentStamp(root)?.linkMode ?? null,
      up_to_date: isDone,
      left,
    },
    text: (ui) => {
      const shown = ui.name(shownPath(root, around));
      if (isDone) return `${ui.ok("Up to date")}: ${shown} has files of its own`;
      const others = left.length === 0 ? "" : `; not in the store any more, so left as they are: ${left.join(", ")}`;
      return `${ui.ok("Materialized")} ${counted(count, "package")} in ${shown}${others}`;
    },
  };
};
export default materialize;

async function named(text: string, session: Session): Promise<Environment> {
  const around = aroundOf(session, await session.use(Host));
  const root = namedEnvironment(text, around);
  if (isEnvironment(root)) return (await session.use(Environments)).read(root);
  throw new PybunError("E_ENV_NOT_FOUND", `there is no environment \`${text}\``, {
    hints: ["see which there are: `pybun env list`"],
  });
}
