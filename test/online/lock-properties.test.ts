// The properties of locks with ten times the cases of every day.
process.env["RUNS"] ??= "1000";
await import("../../plugin-api/lock/lock.property.test.ts");
