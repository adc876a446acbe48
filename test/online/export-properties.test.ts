// What is installed from exports of generated locks, with ten times the cases of every day.
process.env["RUNS"] ??= "1000";
await import("../../plugins/export/agreement.test.ts");

export {};
