import type { Scenario } from "../scenario.ts";
import { forgetEnvironments, runScript, scriptEnvironments, writeScript } from "../script-scenario.ts";

const PACKAGES = ["numpy", "pandas", "scipy", "scikit-learn", "matplotlib"];
const BODY = `import matplotlib
import numpy
import pandas
import scipy.optimize
import sklearn.linear_model

matplotlib.use("agg")
import matplotlib.pyplot

print(numpy.arange(3).sum())
`;

export const installScience: Scenario = {
  name: "install-science",
  summary: "numpy, pandas, scipy, scikit-learn, matplotlib into a new environment, and their first import",
  peer: "uv",
  target: 0.4,
  pairs: 6,
  on: "tmpfs",
  prepare: (side) => writeScript(side, PACKAGES, BODY),
  reset: forgetEnvironments,
  command: (side) => runScript(side),
  environments: scriptEnvironments,
};
