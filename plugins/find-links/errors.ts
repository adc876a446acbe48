import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_FIND_LINKS: {
    exitCode: 3,
    summary: "a place of archives can't be read",
    cause: "the folder or file that `find-links` names is not there, or the page is none that lists archives",
    example: "`pybun x --find-links ./no-such-folder cowsay`",
    repair: "mend the place or leave it out; `pybun config list --show-origin` says where it is set",
  },
  W_FIND_LINKS: {
    summary: "a folder of archives that pip's settings name is not there",
    cause: "a variable or file of pip's names a folder that does not exist on this machine; pip passes over it as well",
    example: "`PIP_FIND_LINKS=/no/such/folder pybun x cowsay`",
    repair: "make the folder, or take it out of pip's settings",
  },
  I_ARCHIVE_IGNORED: {
    summary: "an archive was left out",
    cause: "its file name is not one that the standards allow, or has no valid version; told with `-v`",
    example: "`demo-2010i-py3-none-any.whl` in a folder of `--find-links`",
    repair: "nothing; rename the file or remove it when it should count",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
