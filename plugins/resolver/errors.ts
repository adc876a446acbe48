import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_RESOLVE_MISSING: {
    exitCode: 4,
    summary: "a package, or every version of it that is asked for, is not there",
    cause:
      "no index has a package of that name, or none of its versions matches the requirement, has a file that fits, or may be used under the settings",
    example: "`pybun x requets`",
    repair: "check the name and the version; the message lists what there is",
  },
  E_RESOLVE_CONFLICT: {
    exitCode: 4,
    summary: "requirements can't all hold",
    cause: "two of them, or what they lead to, need different versions of one package",
    example: '`dependencies = ["urllib3>=2", "botocore==1.29.0"]`',
    repair: "loosen one of the requirements that the message shows; its hints are tried and work",
  },
  E_RESOLVE_PYTHON: {
    exitCode: 4,
    summary: "a package needs another Python",
    cause: "all its versions that are asked for have a `Requires-Python` that excludes the Python in use",
    example: "`numpy==2.3.0` with Python 3.9",
    repair: "use another Python with `--python`, or an older version of the package",
  },
  E_INDEX_CONFLICT: {
    exitCode: 4,
    summary: "a package is to come from two indexes at once",
    cause: "several of its `sources` name an index each, and nothing keeps them apart",
    example: '`torch = [{ index = "cpu", extra = "cpu" }, { index = "cuda", extra = "cuda" }]` without `conflicts`',
    repair: "give each source a `marker`, or say in `conflicts` that the extras or groups are never installed together",
  },
  W_SDIST_FALLBACK: {
    summary: "a package is built from source",
    cause: "none of its wheels fits this Python and platform",
    example: "a package with wheels for Windows only, on Linux",
    repair:
      "nothing, if the build works; `--no-build` refuses builds, `--prefer-binary` takes an older version with a wheel",
  },
  W_ABI_FALLBACK: {
    summary: "a package is built from source, because its wheels are for other Pythons",
    cause: "it has wheels for this platform, but not for this version of Python",
    example: "`numpy==1.19.5` with Python 3.12",
    repair: "use a Python that the wheels are for, or a version of the package that has wheels for this one",
  },
  W_WHEELS_MISSING: {
    summary: "a package can't be installed on some Pythons that the lock is for",
    cause: "it has wheels for newer ones only and no source distribution, and no other version of it will do",
    example: "`onnxruntime>=1.20` where `requires-python` is `>=3.9`",
    repair: "raise `requires-python`, or allow an older version of the package",
  },
  W_YANKED: {
    summary: "a version was withdrawn by its publisher",
    cause: "it was asked for with `==` or stands in the lock; otherwise it would not be taken",
    example: "a pinned version that was yanked after a security problem",
    repair: "take another version",
  },
  W_RELEASE_SKIPPED: {
    summary: "a better version could not be used",
    cause: "its metadata is malformed, or it has only a source distribution that does not build",
    example: "a release whose `Requires-Dist` is malformed",
    repair: "nothing, if the version that was taken will do; else tell the publisher",
  },
  W_OVERRIDE_EXTRA: {
    summary: "an override names an extra in its marker",
    cause:
      "an override counts for what any package requires, so for no extra of any: with `extra == …` in its marker nothing requires the package any more",
    example: `\`overrides = ["idna==3.4 ; extra == 'x'"]\``,
    repair:
      "leave the extra out: what is required with an extra only stays so; where the package is to be left out, `exclude-dependencies` says it",
  },
  W_EXTRA_MISSING: {
    summary: "a package has no extra of that name",
    cause: "it was never there, is spelled differently, or was dropped in the version that was chosen",
    example: "`requests[secure]`",
    repair: "check the name of the extra",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
