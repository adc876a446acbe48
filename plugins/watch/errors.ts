import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_WATCH_BACKEND: {
    exitCode: 3,
    summary: "the program that was to watch files is not there",
    cause: "`--backend external` or `watch.backend` asks for inotifywait or fswatch, and it is not on PATH",
    example: "`pybun watch --backend external app.py` without inotifywait",
    repair: "install it (inotify-tools, fswatch), or leave the watching to PyBun with `--backend native`",
  },
  E_WATCH_PATH: {
    exitCode: 2,
    summary: "there is nothing to watch at a path",
    cause: "the path is misspelled, or the folder has not been made yet",
    example: "`pybun watch --path scr app.py` where the folder is `src`",
    repair: "correct the path",
  },
  W_WATCH_POLLING: {
    summary: "files are looked at every half second, because the system does not tell of changes",
    cause:
      "the limit of watched folders or of watchers of this user is reached, or the program that was to watch has ended",
    example: "`pybun watch app.py` with more folders than fs.inotify.max_user_watches",
    repair: "raise the limit that the message names, or watch less: `--path`, `--exclude`",
  },
} satisfies Record<string, CodeSpec>;
