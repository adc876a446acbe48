// As many changed files of each kind as it takes to find what is rare: `MUTATIONS` says another number.
import "./more-cases.ts";
import "../faults/mutation/mutation.test.ts";
