import { spawnSync } from "node:child_process";
import net from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace, type Place } from "../harness/project.ts";
import { findPython, requirePython } from "../harness/python.ts";

// The frameworks of the index, each with its own reloader asked for: a view, a model and a template are changed while the server runs.

const python = findPython("3.12") ?? requirePython();
/** Another index than the public one, for those who can't reach that. */
const online = { PYBUN_INDEX_URL: process.env["TEST_ONLINE_INDEX"] };
const TEMPLATE = "t1 {{ view }} {{ model }}";
const PRICE = 'def price():\n    return "m1"\n';

interface Framework {
  readonly packages: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly view: string;
  readonly model: string;
  readonly template: string;
  command(port: number): readonly string[];
}

const frameworks: Readonly<Record<string, Framework>> = {
  Flask: {
    packages: ["flask"],
    files: {
      "shop.py": `from flask import Flask, render_template\nimport model\napp = Flask(__name__)\n@app.route("/")\ndef index():\n    return render_template("page.html", view="v1", model=model.price())\n`,
      "model.py": PRICE,
      "templates/page.html": TEMPLATE,
    },
    view: "shop.py",
    model: "model.py",
    template: "templates/page.html",
    command: (port) => ["flask", "--app", "shop", "run", "--debug", "-p", String(port)],
  },
  FastAPI: {
    packages: ["fastapi", "uvicorn", "jinja2"],
    files: {
      "shop.py": `from fastapi import FastAPI, Request\nfrom fastapi.templating import Jinja2Templates\nimport model\napp = FastAPI()\ntemplates = Jinja2Templates(directory="templates")\n@app.get("/")\nasync def index(request: Request):\n    return templates.TemplateResponse(request, "page.html", {"view": "v1", "model": model.price()})\n`,
      "model.py": PRICE,
      "templates/page.html": TEMPLATE,
    },
    view: "shop.py",
    model: "model.py",
    template: "templates/page.html",
    command: (port) => ["uvicorn", "--reload", "--port", String(port), "shop:app"],
  },
  Django: {
    packages: ["django"],
    files: {
      "manage.py": `import os, sys\nif __name__ == "__main__":\n    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")\n    from django.core.management import execute_from_command_line\n    execute_from_command_line(sys.argv)\n`,
      "site1/__init__.py": "",
      "site1/settings.py": `SECRET_KEY = "x"\nDEBUG = True\nALLOWED_HOSTS = ["*"]\nROOT_URLCONF = "site1.urls"\nINSTALLED_APPS = ["shop"]\nUSE_TZ = True\nTEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]\n`,
      "site1/urls.py": `from django.urls import path\nfrom shop import views\nurlpatterns = [path("", views.index)]\n`,
      "shop/__init__.py": "",
      "shop/views.py": `from django.shortcuts import render\nfrom .models import Thing\ndef index(request):\n    return render(request, "page.html", {"view": "v1", "model": Thing().price()})\n`,
      "shop/models.py": `from django.db import models\nclass Thing(models.Model):\n    name = models.CharField(max_length=10)\n    def price(self):\n        return "m1"\n`,
      "shop/templates/page.html": TEMPLATE,
    },
    view: "shop/views.py",
    model: "shop/models.py",
    template: "shop/templates/page.html",
    command: (port) => ["manage.py", "runserver", "--skip-checks", String(port)],
  },
};

for (const [name, framework] of Object.entries(frameworks))
  test(
    `${name} shows a changed view, model and template without a new start`,
    inPlace(async (place) => {
      place.write(framework.files);
      const withThem = framework.packages.flatMap((each) => ["--with", each]);
      const options = ["--python", python.path, "--watch", "--hot-reload", ...withThem];
      const ready = await place.run(["run", "--python", python.path, ...withThem, "-c", "pass"], {
        env: online,
        timeoutMs: 400_000,
      });
      assert.is(ready.exitCode, 0, ready.stderr);
      const port = await freePort();
      const running = place.start(["--format=ndjson", "run", ...options, ...framework.command(port)], { env: online });
      try {
        await shows(port, "t1 v1 m1");
        // The server counts as started when it has been quiet for a while.
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        change(place, framework.view, ["v1", "v2"]);
        await shows(port, "t1 v2 m1");
        change(place, framework.model, ["m1", "m2"]);
        await shows(port, "t1 v2 m2");
        change(place, framework.template, ["t1", "t2"]);
        await shows(port, "t2 v2 m2");
      } finally {
        running.kill("SIGINT");
      }
      const { stdout } = await running.ended;
      const reloads = stdout
        .split("\n")
        .filter((line) => line.includes('"type":"Reload"') && line.startsWith('{"type"'));
      assert.equal(
        reloads.map((line) => (JSON.parse(line) as { action: string }).action),
        ["patch", "patch", "patch"],
        reloads.join("\n"),
      );
    }),
  );

const change = (place: Place, file: string, [from, to]: readonly [string, string]): void =>
  place.write({ [file]: place.read(file).replace(from, to) });

/** Asks until the page is so; by curl's plain means, since proxies of the machine are nobody's here. */
async function shows(port: number, wanted: string): Promise<void> {
  let shown = "";
  for (let left = 300; left > 0 && shown !== wanted; left--) {
    const code = `import urllib.request as u\nprint(u.build_opener(u.ProxyHandler({})).open("http://127.0.0.1:${port}/").read().decode().strip())`;
    shown = spawnSync(python.path, ["-c", code], { encoding: "utf8" }).stdout.trim();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.is(shown, wanted);
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === "object" ? address.port : 0));
    });
  });

test.run();
