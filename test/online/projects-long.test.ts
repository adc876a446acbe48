import { testProjects } from "./projects.ts";

// Those of the guide's real projects that are built from C, C++ or Rust, or have many packages or tests.
testProjects(true);
