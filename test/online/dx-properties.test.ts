// The properties of the binary form of pyproject.toml with ten times the cases of every day.
process.env["RUNS"] ??= "1000";
await import("../../plugin-api/dx/dx.test.ts");

export {};
