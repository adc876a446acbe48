// The properties of locks with ten times the cases of every day.
import "./more-cases.ts";
import "../../plugin-api/lock/lock.property.test.ts";
