import { test } from "uvu";
import { inPlace } from "../harness/project.ts";
import { matchesSnapshot } from "../harness/snapshot.ts";

// What people are told of the commands that make projects and look at them.

for (const command of ["init", "version", "tree", "why", "outdated", "upgrade"])
  test(
    `help of ${command}`,
    inPlace(async (place) => {
      const { stdout } = await place.run(["help", command]);
      matchesSnapshot(`help/${command}`, stdout);
    }),
  );

test.run();
