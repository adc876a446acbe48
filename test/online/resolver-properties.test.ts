// What generated universes resolve to, with five times the cases of every day.
import "./more-cases.ts";
import "../../plugins/resolver/resolve.property.test.ts";
import "../../plugins/resolver/packed.property.test.ts";
import "../../plugins/resolver/universal/lock.property.test.ts";
import "../resolution/remembered.property.test.ts";
