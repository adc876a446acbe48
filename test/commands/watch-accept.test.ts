import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace, type Place } from "../harness/project.ts";
import { lines, quiet, reloads, SAY, watched } from "../harness/watched.ts";

const onUnix = process.platform === "win32" ? test.skip : test;

/** Says what a program that holds modules sees of them, whenever that is something else. */
const program = (expression: string, imports: string): string =>
  `${SAY}import os, time\n${imports}\ndef main():\n    last = None\n    while True:\n        now = (os.getpid(), *${expression})\n        if now != last:\n            say(*now)\n        last = now\n        time.sleep(0.01)\nif __name__ == '__main__':\n    main()\n`;

/** What is computed while a module is loaded can't be patched. */
const LIB = "name = 'one'.upper()\nclass Held:\n    pass\n";

interface Case {
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  readonly edit: (place: Place) => void;
  /** What is seen before and after, without the process. */
  readonly seen: readonly [before: string, after: string];
  readonly action: "reexec" | "restart";
  readonly reason?: RegExp;
}

const rename = (place: Place): void => place.write({ "lib.py": place.read("lib.py").replace("'one'", "'two'") });
const counting = (accept: string, dispose: string) =>
  `${LIB}opened = 1\ndef __pybun_dispose__():\n    ${dispose}\ndef __pybun_accept__(state):\n    global opened\n    ${accept}\n`;

const cases: readonly Case[] = [
  {
    what: "a module that is marked is loaded again in the same process, and objects of before stay",
    files: {
      "app.py": program(
        "(lib.name, type(held) is lib.Held)",
        "import lib\ndef make():\n    return lib.Held()\nheld = make()",
      ),
      "lib.py": `__pybun_accept__ = True\n${LIB}`,
    },
    edit: rename,
    seen: ["ONE True", "TWO False"],
    action: "reexec",
  },
  {
    what: "a module's function that accepts gets what the one before has disposed of",
    files: {
      "app.py": program("(lib.name, lib.opened)", "import lib"),
      "lib.py": counting("opened = state + 10", "return opened"),
    },
    edit: rename,
    seen: ["ONE 1", "TWO 11"],
    action: "reexec",
  },
  {
    what: "names that are gone from the file are gone from the module",
    files: {
      "app.py": program("(lib.name, hasattr(lib, 'extra'))", "import lib"),
      "lib.py": `__pybun_accept__ = True\n${LIB}extra = name * 2\n`,
    },
    edit(place) {
      place.write({ "lib.py": place.read("lib.py").replace("'one'", "'two'").replace("extra = name * 2\n", "") });
    },
    seen: ["ONE True", "TWO False"],
    action: "reexec",
  },
  {
    what: "modules that took names from it are loaded again, after it",
    files: {
      "app.py": program("(user.shown, lib.name)", "import lib, user"),
      "lib.py": `__pybun_accept__ = True\n${LIB}`,
      "user.py": "from lib import name\n__pybun_accept__ = True\nshown = name + '!'\n",
    },
    edit: rename,
    seen: ["ONE! ONE", "TWO! TWO"],
    action: "reexec",
  },
  {
    what: "where one that took names is not marked, the program starts again",
    files: {
      "app.py": program("(user.shown, lib.name)", "import lib, user"),
      "lib.py": `__pybun_accept__ = True\n${LIB}`,
      "user.py": "from lib import name\nshown = name + '!'\n",
    },
    edit: rename,
    seen: ["ONE! ONE", "TWO! TWO"],
    action: "restart",
    reason: /user takes names from lib and is not marked __pybun_accept__/,
  },
  {
    what: "an error of a hook is a new start, with the reason",
    files: {
      "app.py": program("(lib.name, lib.opened)", "import lib"),
      "lib.py": counting("pass", "raise OSError('busy')"),
    },
    edit: rename,
    seen: ["ONE 1", "TWO 1"],
    action: "restart",
    reason: /lib raised OSError: busy when it was loaded again/,
  },
  {
    what: "a module that has taken its mark off starts the program again the next time",
    files: {
      "app.py": program("(lib.name,)", "import lib"),
      "lib.py": `__pybun_accept__ = False\n${LIB}`,
    },
    edit: rename,
    seen: ["ONE", "TWO"],
    action: "restart",
    reason: /name is computed/,
  },
];

for (const { what, files, edit, seen, action, reason } of cases)
  onUnix(
    what,
    inPlace(async (place) => {
      place.write(files);
      let [before, after] = ["", ""];
      const result = await watched(place, ["watch", "--hot-reload", "app.py"], async () => {
        before = await lines(place, 1);
        await quiet(before.split(" ")[0]);
        edit(place);
        after = await lines(place, 2);
      });
      const [pid, ...first] = before.split(" ");
      const [pidAfter, ...then] = after.split(" ");
      assert.equal([first.join(" "), then.join(" ")], seen);
      assert.is(pidAfter === pid, action === "reexec");
      const told = reloads(result);
      assert.equal(
        told.map((each) => each.action),
        [action],
      );
      if (reason) assert.match(told[0]?.reason ?? "", reason);
    }),
  );

test.run();
