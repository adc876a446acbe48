// As many changed files of each kind as it takes to find what is rare: `MUTATIONS` says another number.
process.env["MUTATIONS"] ??= "20000";
await import("../faults/mutation/mutation.test.ts");
