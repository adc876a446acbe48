import app from "../../templates/project/app.py.eta" with { type: "text" };
import gitattributes from "../../templates/project/gitattributes.eta" with { type: "text" };
import gitignore from "../../templates/project/gitignore.eta" with { type: "text" };
import lib from "../../templates/project/lib.py.eta" with { type: "text" };
import pyproject from "../../templates/project/pyproject.toml.eta" with { type: "text" };
import readme from "../../templates/project/README.md.eta" with { type: "text" };
import script from "../../templates/project/script.py.eta" with { type: "text" };
import test from "../../templates/project/test.py.eta" with { type: "text" };

/** What new projects are made of. */
export const templates = { app, gitattributes, gitignore, lib, pyproject, readme, script, test } as const;
