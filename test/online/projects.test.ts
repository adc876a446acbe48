import { testProjects } from "./projects.ts";

// The real projects of the guide's table, but for those that take long: they install, and their tests come out, as it says.
testProjects(false);
