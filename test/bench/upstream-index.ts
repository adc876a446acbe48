import { execFileSync } from "node:child_process";
import { requirePython } from "../harness/python.ts";

const VARIABLES = ["PYBUN_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"];
const ASK_PIP = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)";

/** The index to mirror: the one a variable names, else pip's default. */
export function upstreamIndex(): string {
  const named = VARIABLES.map((name) => process.env[name]).find((value) => value !== undefined && value !== "");
  return named ?? execFileSync(requirePython().path, ["-c", ASK_PIP], { encoding: "utf8" }).trim();
}
