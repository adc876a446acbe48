import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace } from "../harness/project.ts";

// print

test(
  "what is printed is a JSON Schema that real output passes and damaged output does not",
  inPlace(async (place) => {
    const schema = JSON.parse((await place.run(["schema", "print"])).stdout) as object;
    const validate = new Ajv2020({ strict: false }).compile(schema);
    const envelope = (await place.run(["python", "list", "--format=json"])).json();
    assert.ok(validate(envelope), JSON.stringify(validate.errors));
    assert.not.ok(validate({ ...envelope, exit_code: "none" }));
  }),
);

test(
  "--type event describes each line of a stream",
  inPlace(async (place) => {
    const schema = JSON.parse((await place.run(["schema", "print", "--type", "event"])).stdout) as object;
    const validate = new Ajv2020({ strict: false }).compile(schema);
    const lines = (await place.run(["python", "list", "--format=ndjson"])).stdout.trimEnd().split("\n").slice(0, -1);
    assert.ok(lines.length >= 2);
    for (const line of lines) assert.ok(validate(JSON.parse(line)), `${line}: ${JSON.stringify(validate.errors)}`);
  }),
);

test(
  "--command narrows the data to that command's",
  inPlace(async (place) => {
    const words = ["schema", "print", "--command", "explain"];
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse((await place.run(words)).stdout) as object);
    const envelope = (await place.run(["explain", "E_USAGE", "--format=json"])).json();
    assert.ok(validate(envelope), JSON.stringify(validate.errors));
    assert.not.ok(validate({ ...envelope, data: {} }));
  }),
);

// check

test(
  "the executable keeps the frozen schema",
  inPlace(async (place) => {
    const { exitCode, stdout } = await place.run(["schema", "check"]);
    assert.is(exitCode, 0, stdout);
  }),
);

test(
  "--against finds what a consumer of an older version would miss",
  inPlace(async (place) => {
    const printed = JSON.parse((await place.run(["schema", "print"])).stdout) as {
      properties: Record<string, unknown>;
      required: string[];
    };
    const older = {
      ...printed,
      properties: { ...printed.properties, gone: { type: "string" } },
      required: [...printed.required, "gone"],
    };
    place.write({ "same.json": JSON.stringify(printed), "older.json": JSON.stringify(older) });
    assert.is((await place.run(["schema", "check", "--against", "same.json"])).exitCode, 0);
    const result = await place.run(["schema", "check", "--against", "older.json", "--format=json"]);
    assert.is(result.exitCode, 1);
    assert.match(JSON.stringify(result.json().data["breaking"]), "gone");
  }),
);

test.run();
