import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import { catalogueOf, plainStyle, sessionOf } from "../../test/harness/plugin-session.ts";
import explain from "./explain.ts";

const codes = new Map([
  [
    "E_NETWORK",
    {
      exitCode: 5,
      summary: "a server could not be reached",
      cause: "no connection, a name that is not known, or a certificate that is not trusted by this machine",
      example: "`pybun x cowsay` without a network",
      repair: "check the connection",
      plugin: "http",
    },
  ],
]);
const session = sessionOf(catalogueOf([], codes));

test("a code's page, wrapped under its heads; the code may be typed in lower case", async () => {
  const report = await explain({}, ["e_network"], session);
  assert.is(report.data["exit_code"], 5);
  assert.is(
    report.text?.(plainStyle(60)),
    `E_NETWORK: a server could not be reached

  Cause      no connection, a name that is not known, or a
             certificate that is not trusted by this machine
  Example    \`pybun x cowsay\` without a network
  Repair     check the connection
  Exit code  5
  Plugin     http
`,
  );
});

test("an unknown code is a usage error with the nearest one", async () => {
  try {
    await explain({}, ["E_NETWROK"], session);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, PybunError);
    assert.is((error as PybunError).code, "E_USAGE");
    assert.equal((error as PybunError).detail.hints, ["did you mean: `pybun explain E_NETWORK`"]);
  }
});

test.run();
