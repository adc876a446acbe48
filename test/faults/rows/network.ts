import type { Fault } from "../../harness/fault.ts";
import type { Expected } from "../judge.ts";
import { badCertificate, lostPackets, noNames, noNetwork, refusingProxy, serverFault } from "../provoke/network.ts";
import type { FaultRow, Provocation } from "../row.ts";

const isDone: Expected = { exit: [0], state: "new" };
const isCut: Expected = { exit: [5], codes: ["E_NETWORK"], state: "old" };
const isOther: Expected = { exit: [6], codes: ["E_HASH_MISMATCH"], state: "old" };

const row = (about: string, expected: Expected, provoke: Provocation): FaultRow => {
  const [number = "", ...fault] = about.split(" ");
  return { row: Number(number), fault: fault.join(" "), operation: "upgrade", expected, provoke };
};
const IMPATIENT = { PYBUN_HTTP_TIMEOUT: "0.5", PYBUN_HTTP_RETRIES: "1" };
const wheels = (fault: Omit<Fault, "url">): readonly Fault[] => [{ url: "*-2.0-py3-none-any.whl", ...fault }];

export const NETWORK_ROWS: readonly FaultRow[] = [
  row("27 no name is known", isCut, noNames(false)),
  row("27 whoever knows the names says nothing", isCut, noNames(true)),
  row(
    "28 reset in the middle of a wheel, once: fetched on",
    isDone,
    serverFault(wheels({ "reset-after": 300, times: 2 })),
  ),
  row("28 reset in the middle of a wheel, always", isCut, serverFault(wheels({ "reset-after": 0 }))),
  row(
    "28 cut off in the middle of a wheel, once: fetched on",
    isDone,
    serverFault(wheels({ truncate: 300, times: 2 })),
  ),
  row("28 cut off at the beginning of a wheel, always", isCut, serverFault(wheels({ truncate: 0 }))),
  row("29 the server stops in the middle", isCut, serverFault(wheels({ stall: 0 }), IMPATIENT)),
  row("29 a byte at a time", isCut, serverFault(wheels({ "drip-ms": 200 }), IMPATIENT)),
  row("30 a wheel that is another one", isOther, serverFault(wheels({ corrupt: true }))),
  row(
    "30 a range was asked for, and another one comes",
    { exit: [0, 6], codes: ["E_HASH_MISMATCH"] },
    serverFault([
      ...wheels({ truncate: 300, times: 1 }),
      ...wheels({ headers: { "content-range": "bytes 0-9/1000" }, times: 1 }),
    ]),
  ),
  row("31 429 with a time to wait", isDone, serverFault(wheels({ status: 429, "retry-after": "1", times: 2 }))),
  row("31 503 for good", isCut, serverFault(wheels({ status: 503, "retry-after": "1" }))),
  row("32 every fifth packet is lost", isDone, lostPackets(0.2)),
  row("33 a certificate of nobody who is trusted", isCut, badCertificate("unknown")),
  row("33 a certificate that has expired", isCut, badCertificate("expired")),
  row("33 a proxy that wants a login (407)", { ...isCut, codes: ["E_NETWORK", "E_AUTH"] }, refusingProxy),
  row("34 no network, and all that is needed is here", isDone, noNetwork(true)),
  row(
    "34 no network, and something is missing",
    { ...isCut, codes: ["E_NETWORK", "E_OFFLINE_MISS"] },
    noNetwork(false),
  ),
  {
    ...row("36 a cache server that fails, or answers with something else", isDone, serverFault([])),
    missing: "there is no cache server yet",
  },
];
