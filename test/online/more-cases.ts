// Imported first: how many generated cases the tests imported after it run.
process.env["RUNS"] ??= "1000";
process.env["MUTATIONS"] ??= "20000";
