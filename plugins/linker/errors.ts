import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_LINK_CONFLICT: {
    exitCode: 6,
    summary: "two packages write one file with different content, or one writes over the environment itself",
    cause: "the packages are variants of each other, or one is not made to be installed beside the other",
    example: "`opencv-python` and `opencv-python-headless` in one environment",
    repair: "keep one of the two, or run them in environments of their own",
  },
  E_LINK_RECORD: {
    exitCode: 3,
    summary: "an installed package can't be removed because nothing says which files are its own",
    cause: "its RECORD is missing: another tool installed it, or removed it in part",
    example: "a package of the system's package manager",
    repair: "remove it with the tool that installed it, or make the environment anew with `pybun env create --clear`",
  },
  E_LINK_CHANGED: {
    exitCode: 8,
    summary: "the environment was changed by another command meanwhile",
    cause: "a package that was to stay is not there any more",
    example: "`pip uninstall` while `pybun sync` downloads",
    repair: "run the command again",
  },
  W_LINK_OVERLAP: {
    summary: "two packages bring the same stray file, and only one of them got its own",
    cause: "they ship tests, documents or licences at the top of site-packages, where they don't belong",
    example: "two wheels with a `tests/__init__.py` of different content",
    repair: "nothing has to be done; the packages' authors can mend their wheels",
  },
  I_LINK_FALLBACK: {
    summary: "files were put into the environment in another way than the one asked for",
    cause: "the store is on another file system, or the file system lacks links or clones",
    example: "`--link-mode hardlink` with the cache on another disk",
    repair:
      "put the cache on the file system of the environments with `--cache-dir`, or set `link.mode` to what is possible",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
