import { DEFAULT_INDEX } from "../../plugins/pypi/default-index.ts";

const VARIABLES = ["PYBUN_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"];

/** The index to mirror: the one a variable names, else the public one. */
export const upstreamIndex = (): string =>
  VARIABLES.map((name) => process.env[name]).find((value) => value !== undefined && value !== "") ?? DEFAULT_INDEX.url;
