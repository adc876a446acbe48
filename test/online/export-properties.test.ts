// What is installed from exports of generated locks, with ten times the cases of every day.
import "./more-cases.ts";
import "../../plugins/export/agreement.test.ts";
