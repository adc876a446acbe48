import { options } from "../../plugin-api/option.ts";

export const settings = options({
  pythonDownloads: {
    kind: "text",
    choices: ["automatic", "manual", "never"],
    default: "automatic",
    env: ["PYBUN_PYTHON_DOWNLOADS", "UV_PYTHON_DOWNLOADS"],
    key: "python-downloads",
    argv: false,
    value: "WHEN",
    help: "install a Python that is asked for and missing, only by `python install`, or never",
  },
  pythonMirror: {
    kind: "text",
    env: ["PYBUN_PYTHON_MIRROR", "UV_PYTHON_INSTALL_MIRROR"],
    key: "python-mirror",
    argv: false,
    value: "URL",
    help: "where the archives of Pythons are, instead of the builders' own address; or a folder",
  },
  pythonMirrorKey: {
    kind: "text",
    env: ["PYBUN_PYTHON_MIRROR_KEY"],
    key: "python-mirror-key",
    argv: false,
    value: "KEY",
    help: "ed25519 key that the mirror's own table has to be signed with; not taken from a project's files",
  },
});
