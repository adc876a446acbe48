import { definePreset } from "../plugin-api/preset.ts";
import auth from "../plugins/auth/index.ts";
import builder from "../plugins/builder/index.ts";
import cache from "../plugins/cache/index.ts";
import completions from "../plugins/completions/index.ts";
import config from "../plugins/config/index.ts";
import daemon from "../plugins/daemon/index.ts";
import dependencies from "../plugins/dependencies/index.ts";
import direct from "../plugins/direct/index.ts";
import dpp from "../plugins/dpp/index.ts";
import dx from "../plugins/dx/index.ts";
import envCache from "../plugins/env-cache/index.ts";
import explain from "../plugins/explain/index.ts";
import exportLock from "../plugins/export/index.ts";
import extensions from "../plugins/extensions/index.ts";
import findLinks from "../plugins/find-links/index.ts";
import gc from "../plugins/gc/index.ts";
import git from "../plugins/git/index.ts";
import help from "../plugins/help/index.ts";
import hints from "../plugins/hints/index.ts";
import http from "../plugins/http/index.ts";
import imports from "../plugins/imports/index.ts";
import lazy from "../plugins/lazy/index.ts";
import linker from "../plugins/linker/index.ts";
import lock from "../plugins/lock/index.ts";
import log from "../plugins/log/index.ts";
import migrate from "../plugins/migrate/index.ts";
import mirror from "../plugins/mirror/index.ts";
import modules from "../plugins/modules/index.ts";
import pep723 from "../plugins/pep723/index.ts";
import pip from "../plugins/pip/index.ts";
import pipCompat from "../plugins/pip-compat/index.ts";
import profile from "../plugins/profile/index.ts";
import project from "../plugins/project/index.ts";
import prompts from "../plugins/prompts/index.ts";
import pypi from "../plugins/pypi/index.ts";
import python from "../plugins/python/index.ts";
import pythons from "../plugins/pythons/index.ts";
import reportJson from "../plugins/report-json/index.ts";
import reportProgress from "../plugins/report-progress/index.ts";
import reportText from "../plugins/report-text/index.ts";
import resolver from "../plugins/resolver/index.ts";
import runner from "../plugins/runner/index.ts";
import schema from "../plugins/schema/index.ts";
import store from "../plugins/store/index.ts";
import sync from "../plugins/sync/index.ts";
import task from "../plugins/task/index.ts";
import tool from "../plugins/tool/index.ts";
import tree from "../plugins/tree/index.ts";
import trust from "../plugins/trust/index.ts";
import uvCompat from "../plugins/uv-compat/index.ts";
import venv from "../plugins/venv/index.ts";
import verify from "../plugins/verify/index.ts";
import watch from "../plugins/watch/index.ts";
import workspace from "../plugins/workspace/index.ts";
import zygote from "../plugins/zygote/index.ts";

/** The product is this list. Order is the order in which plugins are asked. */
export default definePreset({
  name: "default",
  plugins: [
    // Progress is erased before anything else is printed, so its observer comes first.
    reportProgress,
    reportText,
    reportJson,
    log,
    help,
    explain,
    config,
    // Of other tools' files those read later win.
    pipCompat,
    uvCompat,
    completions,
    schema,
    extensions,
    dx,
    dpp,
    prompts,
    python,
    pythons,
    venv,
    modules,
    http,
    auth,
    store,
    findLinks,
    git,
    direct,
    pypi,
    builder,
    hints,
    resolver,
    trust,
    linker,
    lock,
    project,
    exportLock,
    tree,
    sync,
    workspace,
    migrate,
    dependencies,
    envCache,
    pep723,
    profile,
    runner,
    lazy,
    watch,
    zygote,
    daemon,
    // It looks into the environment that the runner chose.
    imports,
    task,
    tool,
    pip,
    mirror,
    gc,
    cache,
    verify,
  ],
});
