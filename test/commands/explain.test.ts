import { test } from "uvu";
import * as assert from "uvu/assert";
import { sharedCodes } from "../../plugin-api/codes.ts";
import { presets } from "../../presets/shipped.ts";
import { inPlace } from "../harness/project.ts";

const plugins = presets["default"]?.plugins ?? [];
const codes = { ...sharedCodes, ...Object.assign({}, ...plugins.map((plugin) => plugin.codes ?? {})) };

test(
  "every code of every plugin has a page with cause, example and repair",
  inPlace(async (place) => {
    assert.ok(Object.keys(codes).length > 30);
    for (const code of Object.keys(codes)) {
      const { data, exit_code } = (await place.run(["explain", code, "--format=json"])).json();
      assert.is(exit_code, 0, code);
      for (const field of ["summary", "cause", "example", "repair"]) assert.ok(String(data[field]).length > 5, code);
    }
  }),
);

test(
  "a code is found however it is typed, and a near miss offers the right one",
  inPlace(async (place) => {
    assert.match((await place.run(["explain", "e_network"])).stdout, /^E_NETWORK: /);
    const { exitCode, stderr } = await place.run(["explain", "E_NETWROK"]);
    assert.is(exitCode, 2);
    assert.match(stderr, "E_NETWORK");
  }),
);

test.run();
