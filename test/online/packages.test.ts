import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { removeTree } from "../harness/files.ts";
import { inPlace } from "../harness/project.ts";
import { findPython, requirePython } from "../harness/python.ts";

// Packages with compiled code, data files, plugins and habits of their own, from the real index: each is installed in
// the default way, imported, and put to a small use.

const GIBIBYTE = 2 ** 30;
/** The version most packages have wheels for. */
const python = findPython("3.12") ?? findPython("3.11") ?? requirePython();
/** Downloads and store are shared, environments are not. */
const data = fs.mkdtempSync(path.join(os.tmpdir(), "online-"));
test.after(() => removeTree(data));

interface Use {
  readonly requirements: readonly string[];
  /** Must print `fine`. */
  readonly code: string;
  readonly needsBytes?: number;
  readonly extraIndex?: string;
}

const uses: Readonly<Record<string, Use>> = {
  numpy: { requirements: ["numpy"], code: "import numpy as n; assert (n.eye(3) @ n.arange(3)).sum() == 3" },
  pandas: {
    requirements: ["pandas"],
    code: "import pandas as p; assert p.DataFrame({'a': [1, 2], 'b': [3, 4]}).groupby('a').b.sum().loc[2] == 4",
  },
  scipy: {
    requirements: ["scipy"],
    code: "import scipy.optimize as o; assert abs(o.brentq(lambda x: x * x - 2, 0, 2) ** 2 - 2) < 1e-9",
  },
  "scikit-learn": {
    requirements: ["scikit-learn"],
    code: "from sklearn.linear_model import LinearRegression as L; assert abs(L().fit([[0], [1]], [1, 3]).predict([[2]])[0] - 5) < 1e-9",
  },
  matplotlib: {
    requirements: ["matplotlib"],
    code: `import io, matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as p
p.plot([1, 2], [3, 4]); p.title("t"); b = io.BytesIO(); p.savefig(b, format="png")
assert b.getvalue().startswith(b"\\x89PNG")`,
  },
  lxml: {
    requirements: ["lxml"],
    code: "from lxml import etree as e; assert e.fromstring('<a><b>c</b></a>').xpath('/a/b/text()') == ['c']",
  },
  pillow: {
    requirements: ["pillow"],
    code: "import io; from PIL import Image as I; b = io.BytesIO(); I.new('RGB', (4, 4), 'red').save(b, 'JPEG'); assert I.open(b).size == (4, 4)",
  },
  cryptography: {
    requirements: ["cryptography"],
    code: "from cryptography.fernet import Fernet as F; f = F(F.generate_key()); assert f.decrypt(f.encrypt(b'x')) == b'x'",
  },
  pydantic: {
    requirements: ["pydantic"],
    code: `import pydantic
class M(pydantic.BaseModel):
    a: int
assert M.model_validate_json('{"a": "3"}').a == 3`,
  },
  psycopg: {
    requirements: ["psycopg[binary]"],
    code: "import psycopg; assert psycopg.pq.__impl__ == 'binary' and psycopg.pq.version() > 0",
  },
  grpcio: {
    requirements: ["grpcio"],
    code: "import grpc; c = grpc.insecure_channel('127.0.0.1:1'); c.close()",
  },
  pyzmq: {
    requirements: ["pyzmq"],
    code: `import zmq
c = zmq.Context(); a = c.socket(zmq.PAIR); b = c.socket(zmq.PAIR)
a.bind("inproc://x"); b.connect("inproc://x"); b.send(b"hi"); assert a.recv() == b"hi"
c.destroy(0)`,
  },
  requests: {
    requirements: ["requests", "rich"],
    code: "import requests, rich.table; assert requests.Session().headers",
  },
  jupyter: {
    requirements: ["jupyter"],
    code: "import notebook, jupyterlab, subprocess, sys, os; subprocess.run([os.path.join(sys.prefix, 'bin', 'jupyter'), '--version'], check=True, stdout=subprocess.DEVNULL)",
  },
  torch: {
    requirements: ["torch"],
    code: "import torch; assert torch.ones(2, 2).sum().item() == 4",
    needsBytes: 12 * GIBIBYTE,
  },
};

const freeBytes = (folder: string): number => {
  const { bavail, bsize } = fs.statfsSync(folder);
  return bavail * bsize;
};

for (const [name, use] of Object.entries(uses)) {
  const isRoomy = freeBytes(data) >= (use.needsBytes ?? 2 * GIBIBYTE);
  if (!isRoomy) console.log(`${name} is skipped: less than ${(use.needsBytes ?? 0) / GIBIBYTE} GiB are free`);
  (isRoomy ? test : test.skip)(
    name,
    inPlace(
      async (place) => {
        const block = `# /// script\n# dependencies = ${JSON.stringify(use.requirements)}\n# ///\n`;
        place.write({ "use.py": `${block}${use.code}\nprint("fine")\n` });
        const run = () => place.run(["run", "--python", python.path, "use.py"], { env: online, timeoutMs: 400_000 });
        for (const result of [await run(), await run()]) {
          assert.equal([result.exitCode, result.stdout], [0, "fine\n"], result.stderr);
        }
      },
      { env: { PYBUN_HOME: data } },
    ),
  );
}

/** Another index than the public one, for those who can't reach that. */
const online = { PYBUN_INDEX_URL: process.env["TEST_ONLINE_INDEX"] };

test.run();
