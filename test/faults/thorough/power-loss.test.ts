import { inOwnNamespace } from "../own-namespace.ts";

inOwnNamespace(import.meta.filename, ["--mount"]);
const [{ checkRows }, { POWER_ROWS }] = await Promise.all([import("../row.ts"), import("../rows/power.ts")]);
checkRows(POWER_ROWS);
