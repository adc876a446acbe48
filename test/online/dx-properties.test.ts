// The properties of the binary form of pyproject.toml with ten times the cases of every day.
import "./more-cases.ts";
import "../../plugin-api/dx/dx.test.ts";
