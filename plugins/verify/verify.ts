import type { RunOf } from "../../plugin-api/command.ts";
import type { NextAction } from "../../plugin-api/event.ts";
import type { Report, TextStyle } from "../../plugin-api/report.ts";
import { counted, formatSize } from "../../plugin-api/text/units.ts";
import { checkEnvironment, type EnvironmentCheck } from "./check-environment.ts";
import { checkLock, type LockCheck } from "./check-lock.ts";
import { checkStore, type StoreCheck } from "./check-store.ts";
import type { verify as spec } from "./commands.ts";
import type { Finding } from "./finding.ts";

interface Checked {
  readonly store: StoreCheck | undefined;
  readonly env: EnvironmentCheck | undefined;
  readonly lock: LockCheck | undefined;
}

/** SPEC STO-08. Without a choice all three are checked, as far as they are there. */
const verify: RunOf<typeof spec> = async (options, _operands, session) => {
  const isAll = !options.store && !options.env && !options.lock;
  const lock = isAll || options.lock || options.env ? await checkLock(session) : undefined;
  // The environment comes first: it may lose what has to leave the store.
  const env = isAll || options.env ? await checkEnvironment(lock?.lock, session) : undefined;
  const store = isAll || options.store ? await checkStore(session) : undefined;
  return reportOf({ store, env, lock: isAll || options.lock ? lock : undefined });
};
export default verify;

function reportOf({ store, env, lock }: Checked): Report {
  const findings = [...(store?.findings ?? []), ...(env?.findings ?? []), ...(lock?.findings ?? [])];
  return {
    exitCode: findings.length === 0 ? 0 : 1,
    data: {
      store: store ? { entries: store.entries, files: store.files, bytes: store.bytes } : null,
      env: env ? { path: env.path, packages: env.packages, files: env.files } : null,
      lock: lock ? { path: lock.path, packages: lock.packages } : null,
      findings: findings.map(({ mend: _mend, ...told }) => told),
    },
    text: (ui) =>
      [...findings.map((finding) => line(finding, ui)), summary({ store, env, lock }, findings, ui)].join("\n"),
    nextActions: actionsFor(findings),
  };
}

const ACTIONS = { removed: " (taken out of the store)", recompiled: " (to be compiled again)", none: "" } as const;

function line({ scope, subject, path, problem, action }: Finding, ui: TextStyle): string {
  const where = path === "" ? "" : ` ${path}`;
  return ` ${ui.err("x")} ${ui.dim(scope.padEnd(5))}  ${ui.name(subject)}${where} ${problem}${ui.dim(ACTIONS[action])}`;
}

function summary({ store, env, lock }: Checked, findings: readonly Finding[], ui: TextStyle): string {
  const parts = [
    store && `${counted(store.entries, "package")} of the store (${formatSize(store.bytes)})`,
    env && `${counted(env.packages, "package")} of the environment`,
    lock && `${counted(lock.packages, "package")} of the lock`,
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return "Nothing to verify: there is neither an environment nor a lock here";
  if (findings.length === 0) return `${ui.ok("Verified")}: ${parts.join(", ")}`;
  return `${ui.err("Damaged")}: ${counted(findings.length, "finding")} in ${parts.join(", ")}`;
}

const ACTION: Readonly<Record<Finding["mend"], NextAction | undefined>> = {
  environment: { command: ["pybun", "env", "create", "--clear"], why: "make the environment anew, then sync" },
  sync: { command: ["pybun", "sync"], why: "install what the lock says" },
  lock: { command: ["pybun", "lock"], why: "make the lock anew" },
  nothing: undefined,
};

const actionsFor = (findings: readonly Finding[]): readonly NextAction[] =>
  (["environment", "sync", "lock"] as const).flatMap((mend) =>
    findings.some((finding) => finding.mend === mend) ? (ACTION[mend] ?? []) : [],
  );
