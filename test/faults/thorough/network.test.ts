import { spawnSync } from "node:child_process";
import process from "node:process";
import { inOwnNamespace } from "../own-namespace.ts";

inOwnNamespace(import.meta.filename, ["--mount", "--net"]);
// A network of one's own begins with nothing up, not even the machine itself.
if (process.env["TEST_OWN_NAMESPACE"] === "1") spawnSync("ip", ["link", "set", "lo", "up"]);
const [{ checkRows }, { NETWORK_ROWS }] = await Promise.all([import("../row.ts"), import("../rows/network.ts")]);
checkRows(NETWORK_ROWS);
