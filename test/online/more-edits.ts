// Imported first: how many generated edit sequences, and files with edits, the tests imported after it play.
process.env["EDITS"] ??= "2000";
process.env["FILES"] ??= "2000";
