// Imported first: how many generated edit sequences the test imported after it plays.
process.env["EDITS"] ??= "2000";
