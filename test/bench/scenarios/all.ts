import { byDaemon } from "../daemon-scenario.ts";
import type { Scenario } from "../scenario.ts";
import { addOne, removeOne } from "./add.ts";
import { hotReloads } from "./hot-reload.ts";
import { installJupyterDisk, installJupyterHardlink, installJupyterTmpfs } from "./install.ts";
import { installScience } from "./install-science.ts";
import { lazyStarts } from "./lazy.ts";
import {
  lockCheckWorkspace,
  lockCold,
  lockJupyter,
  lockJupyterAgain,
  lockOneMore,
  lockStale,
  lockUnchanged,
} from "./lock.ts";
import { exportAgain, exportFirst, treeAgain, treeFirst } from "./look.ts";
import { modulesAgain, modulesFirst } from "./modules.ts";
import { pep723Forked, pep723New, pep723Repeat } from "./pep723.ts";
import {
  resolveAirflow,
  resolveBotoCold,
  resolveBotoFar,
  resolveBotoFarHttp2,
  resolveBotoHttp2,
  resolveJupyter,
  resolveJupyterAgain,
  resolveJupyterCold,
  resolveJupyterStale,
} from "./resolve.ts";
import { runCold } from "./run-cold.ts";
import { runCommand } from "./run-command.ts";
import { runHello, runHelloFloor, runHelloForked, runHelloForkedFloor } from "./run-hello.ts";
import { runImports, runTogether } from "./run-imports.ts";
import {
  firstImport,
  installCold,
  newEnvironment,
  syncAtOnce,
  syncHardlink,
  syncJupyter,
  syncOneChanged,
  syncScience,
  syncTrio,
  syncUnchanged,
  syncWeb,
} from "./sync.ts";
import { toolInstall, xAgain, xForked, xKept } from "./tool.ts";
import { version, versionFloor } from "./version.ts";
import { workspaceAdd, workspaceRun, workspaceSync } from "./workspace.ts";

const alone: readonly Scenario[] = [
  version,
  versionFloor,
  runHello,
  runHelloFloor,
  runHelloForked,
  runHelloForkedFloor,
  ...runCold,
  ...runImports,
  ...runCommand,
  runTogether,
  pep723New,
  pep723Repeat,
  pep723Forked,
  installJupyterTmpfs,
  installJupyterDisk,
  installJupyterHardlink,
  installScience,
  resolveJupyter,
  resolveJupyterAgain,
  resolveJupyterStale,
  resolveJupyterCold,
  resolveAirflow,
  resolveBotoCold,
  resolveBotoHttp2,
  resolveBotoFar,
  resolveBotoFarHttp2,
  lockJupyter,
  lockJupyterAgain,
  lockUnchanged,
  lockOneMore,
  lockStale,
  lockCold,
  lockCheckWorkspace,
  treeAgain,
  treeFirst,
  exportAgain,
  exportFirst,
  modulesAgain,
  modulesFirst,
  newEnvironment,
  syncTrio,
  syncJupyter,
  syncScience,
  syncWeb,
  ...syncHardlink,
  ...syncUnchanged,
  syncOneChanged,
  ...addOne,
  ...removeOne,
  firstImport,
  installCold,
  syncAtOnce,
  ...lazyStarts,
  ...hotReloads,
  toolInstall,
  xAgain,
  xKept,
  xForked,
  workspaceSync,
  workspaceRun,
  workspaceAdd,
];

/** What people wait for a process to start, load and warm up for. */
const served: readonly Scenario[] = [
  runHello,
  runHelloForked,
  runHelloForkedFloor,
  ...runCommand.filter(({ peer }) => peer === "uv"),
  pep723New,
  pep723Forked,
  installJupyterTmpfs,
  resolveJupyter,
  resolveJupyterAgain,
  resolveJupyterStale,
  resolveJupyterCold,
  resolveAirflow,
  resolveBotoCold,
  resolveBotoHttp2,
  resolveBotoFar,
  resolveBotoFarHttp2,
  lockJupyter,
  lockJupyterAgain,
  lockUnchanged,
  lockOneMore,
  lockStale,
  lockCold,
  lockCheckWorkspace,
  treeAgain,
  treeFirst,
  exportAgain,
  exportFirst,
  modulesAgain,
  modulesFirst,
  newEnvironment,
  syncTrio,
  syncJupyter,
  syncScience,
  syncWeb,
  ...syncHardlink,
  ...syncUnchanged,
  syncOneChanged,
  ...addOne,
  ...removeOne,
  installCold,
  toolInstall,
  xKept,
  xForked,
  workspaceSync,
  workspaceRun,
  workspaceAdd,
];

/** In the order of the table. */
export const scenarios: readonly Scenario[] = [...alone, ...served.map((scenario) => byDaemon(scenario))];
