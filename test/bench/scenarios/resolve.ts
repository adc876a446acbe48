import {
  atHttp2Index,
  atSlowIndex,
  atStaleIndex,
  compile,
  forgetEverything,
  forgetResolutions,
  resolving,
} from "../resolve-scenario.ts";
import type { Scenario, Side } from "../scenario.ts";

const JUPYTER = ["jupyter"];
const AIRFLOW = ["apache-airflow[all]", "apache-airflow-providers-apache-beam>3.0.0"];
const BOTO = ["urllib3<1.25.4", "boto3"];

/** Solving from pages and metadata that are there. */
export const resolveJupyter: Scenario = {
  ...resolving,
  name: "resolve-jupyter",
  summary: "jupyter for one environment, pages and metadata warm",
  target: 0.6,
  pairs: 25,
  reset: forgetResolutions,
  command: (side) => compile(side, JUPYTER),
};

export const resolveJupyterAgain: Scenario = {
  ...resolving,
  name: "resolve-jupyter-again",
  summary: "the same question once more",
  pairs: 25,
  command: (side) => compile(side, JUPYTER),
};

export const resolveJupyterStale: Scenario = {
  ...resolving,
  name: "resolve-jupyter-stale",
  summary: "the same question when all pages are to be looked at again, and none has changed",
  target: 0.3,
  pairs: 12,
  command: (side) => atStaleIndex(side, compile(side, JUPYTER)),
};

export const resolveJupyterCold: Scenario = {
  ...resolving,
  name: "resolve-jupyter-cold",
  summary: "jupyter for one environment, nothing cached",
  target: 0.75,
  pairs: 8,
  reset: forgetEverything,
  command: (side) => compile(side, JUPYTER),
};

export const resolveAirflow: Scenario = {
  ...resolving,
  name: "resolve-airflow",
  summary: "apache-airflow[all], some 700 packages, pages and metadata warm",
  target: 0.8,
  pairs: 8,
  reset: forgetResolutions,
  command: (side) => compile(side, AIRFLOW),
};

export const resolveBotoCold: Scenario = {
  ...resolving,
  name: "resolve-boto-cold",
  summary: "boto3 with urllib3<1.25.4, which leads far back, nothing cached",
  target: 0.3,
  pairs: 3,
  reset: (side: Side) => forgetEverything(side),
  command: (side) => compile(side, BOTO),
};

export const resolveBotoHttp2: Scenario = {
  ...resolveBotoCold,
  name: "resolve-boto-http2",
  summary: "the same by HTTP/2",
  command: (side) => atHttp2Index(side, compile(side, BOTO)),
};

/** Where who asks for one release after the other waits for each, which a near index does not show. */
export const resolveBotoFar: Scenario = {
  ...resolveBotoCold,
  name: "resolve-boto-far",
  summary: "the same at an index 20 ms away",
  command: (side) => atSlowIndex(side, 20, compile(side, BOTO)),
};

export const resolveBotoFarHttp2: Scenario = {
  ...resolveBotoCold,
  name: "resolve-boto-far-http2",
  summary: "the same at an index 20 ms away, by HTTP/2",
  command: (side) => atSlowIndex(side, 20, atHttp2Index(side, compile(side, BOTO))),
};
