import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_INDEX_INVALID: {
    exitCode: 3,
    summary: "an index is configured in a way that makes no sense",
    cause: "an index without a URL, with one that is no URL, two indexes of one name, or a name that no index has",
    example: "`[[tool.pybun.index]]` with a `name` and no `url`",
    repair: "mend the table or flag that is named",
  },
  E_INDEX_PAGE: {
    exitCode: 5,
    summary: "an index answered with something that is no index page",
    cause: "the URL is not that of an index, or a gateway put a page of its own in between",
    example: "`--index https://example.com/`",
    repair: "open the URL in a browser; the index's URL usually ends in `/simple/`",
  },
  E_INDEX_UNSAFE: {
    exitCode: 6,
    summary: "an index page lists a file that no honest index has",
    cause: "a file name with a path in it, or a link to a file of this machine or to a link-local address",
    example: "a page with a file named `../../evil.whl`",
    repair: "don't use this index; tell whoever keeps it",
  },
  W_QUARANTINED: {
    summary: "an index keeps a project in quarantine",
    cause: "it was reported as malicious and is being looked at; none of its files is used",
    example: "a project whose page has the status `quarantined`",
    repair: "remove the requirement until the index has decided",
  },
  W_PROJECT_STATUS: {
    summary: "a project is archived or deprecated",
    cause: "its maintainers say on the index that nothing new will come, or that it should no longer be used",
    example: "a project whose page has the status `archived`",
    repair: "look for a successor",
  },
  W_METADATA_DIFFERS: {
    summary: "an index says something else of a wheel's requirements than the wheel does",
    cause: "the metadata file beside the wheel is of another build of it, or was written by hand",
    example: "an index whose `a-1.0-py3-none-any.whl.metadata` lacks a `Requires-Dist` of the wheel",
    repair: "run the command again with `--refresh`, and tell whoever keeps the index",
  },
  W_INDEX_CONFUSION: {
    summary: "two indexes have a project of the same name",
    cause: "`index-strategy` is one of `unsafe-…`, so that a version of either may be taken",
    example: "a private package whose name somebody registers on the public index",
    repair: 'pin the package to its index: `[tool.pybun.sources]` with `NAME = { index = "…" }`',
  },
} satisfies Readonly<Record<string, CodeSpec>>;
