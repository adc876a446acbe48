import { options } from "../../plugin-api/option.ts";

export const settings = options({
  hotReload: {
    kind: "flag",
    env: ["PYBUN_HOT_RELOAD"],
    key: "run.hot-reload",
    isHidden: true,
    help: "put changes into the running program where that is safe, rather than start it again",
  },
  watchInclude: { kind: "list", key: "watch.include", argv: false, help: "globs of the files to watch" },
  watchExclude: {
    kind: "list",
    key: "watch.exclude",
    argv: false,
    help: "globs of what not to watch, beside what is never watched",
  },
  watchDebounceMs: {
    kind: "number",
    key: "watch.debounce-ms",
    argv: false,
    help: "how long it has to be quiet before changes count; by default 200, with hot reload 2",
  },
  watchBackend: {
    kind: "text",
    choices: ["auto", "native", "external"],
    default: "auto",
    key: "watch.backend",
    argv: false,
    help: "who watches: PyBun itself, or inotifywait or fswatch",
  },
  watchReload: {
    kind: "flag",
    default: true,
    key: "watch.reload",
    argv: false,
    help: "act on changes; otherwise they are only told",
  },
});
