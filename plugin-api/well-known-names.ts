/** Packages that many projects use, by normal name: what a name that does not exist may have meant. Not complete, and need not be. */
export const wellKnownNames: readonly string[] =
  `absl-py accelerate aiobotocore aiofiles aiohttp aiosqlite alabaster alembic altair amqp annotated-types anthropic anyio
  apache-airflow appdirs apscheduler argcomplete argon2-cffi arrow asgiref asn1crypto astroid asttokens asyncpg attrs authlib
  autopep8 awscli azure-core azure-identity azure-storage-blob babel backoff bandit bcrypt beautifulsoup4 billiard black
  blinker bokeh boto3 botocore build cachetools cattrs celery certifi cffi chardet charset-normalizer cheroot cherrypy click
  cloudpickle colorama coloredlogs colorlog configargparse contourpy cookiecutter coverage croniter cryptography cssselect
  cycler cython dagster dash dask databricks-sdk dataclasses-json datasets dateparser debugpy decorator deepdiff defusedxml
  deprecated dill distlib distributed django django-cors-headers django-filter djangorestframework dnspython docker docopt
  docutils dotenv duckdb dulwich ecdsa elasticsearch email-validator et-xmlfile evaluate execnet executing faker falcon
  fastapi fastavro fastjsonschema filelock flake8 flask flask-cors flask-login flask-sqlalchemy fonttools frozenlist fsspec
  future gensim geopandas gevent gitdb gitpython google-api-core google-auth google-cloud-bigquery google-cloud-storage
  googleapis-common-protos gradio graphene graphql-core graphviz greenlet grpcio grpcio-tools gunicorn h11 h2 h5py hatchling
  html5lib httpcore httplib2 httptools httpx huggingface-hub humanize hypothesis idna imageio importlib-metadata
  importlib-resources inflection iniconfig invoke ipykernel ipython ipywidgets isort itsdangerous jaraco-context jax jaxlib
  jedi jinja2 jmespath joblib jsonpatch jsonpointer jsonschema jupyter jupyter-client jupyter-core jupyterlab kafka-python
  keras keyring kiwisolver kombu kubernetes langchain langchain-core lazy-object-proxy librosa lightgbm lightning litellm
  llvmlite locust loguru lxml lz4 mako markdown markdown-it-py markupsafe marshmallow matplotlib matplotlib-inline mccabe
  mdurl mkdocs mkdocs-material mlflow mock more-itertools moto mpmath msal msgpack msrest multidict mypy mypy-extensions
  mysqlclient nbconvert nbformat nest-asyncio networkx nltk nodeenv nose notebook numba numpy nvidia-ml-py oauthlib
  omegaconf onnx onnxruntime openai opencv-python openpyxl opentelemetry-api opentelemetry-sdk optuna orjson packaging pandas
  papermill paramiko parso passlib pathspec patsy peewee pendulum pexpect pillow pip pip-tools platformdirs playwright plotly
  pluggy poetry polars pooch portalocker pre-commit prefect prometheus-client prompt-toolkit protobuf psutil psycopg psycopg2
  psycopg2-binary ptyprocess pure-eval py-cpuinfo pyarrow pyasn1 pycodestyle pycparser pycryptodome pydantic pydantic-core
  pydantic-settings pydot pyflakes pygame pygments pyinstaller pyjwt pylint pymongo pymysql pynacl pyodbc pyopenssl pyparsing
  pyperclip pyproject-hooks pyqt5 pyqt6 pyserial pyspark pytest pytest-asyncio pytest-cov pytest-mock pytest-xdist
  python-dateutil python-dotenv python-json-logger python-multipart python-slugify pytz pywin32 pyyaml pyzmq questionary
  ray redis regex reportlab requests requests-mock requests-oauthlib requests-toolbelt responses retry rfc3986 rich rope
  rpds-py rsa ruamel-yaml ruff s3fs s3transfer safetensors schedule scikit-image scikit-learn scipy scrapy seaborn selenium
  semver sentence-transformers sentencepiece sentry-sdk setuptools setuptools-scm shapely simplejson six slack-sdk smmap
  sniffio snowflake-connector-python sortedcontainers soupsieve spacy sphinx sphinx-rtd-theme sqlalchemy sqlmodel sqlparse
  stack-data starlette statsmodels streamlit stripe structlog sympy tabulate tenacity tensorboard tensorflow termcolor
  textual thinc threadpoolctl tifffile tiktoken tokenizers toml tomli tomlkit toolz torch torchaudio torchvision tornado
  tox tqdm traitlets transformers trio twine typer types-requests typing-extensions typing-inspect tzdata tzlocal ujson
  unidecode urllib3 uvicorn uvloop validators vcrpy virtualenv wandb watchdog watchfiles wcwidth webcolors websocket-client
  websockets werkzeug wheel wrapt wtforms xarray xgboost xlrd xlsxwriter xmltodict yarl zeep zipp zope-interface zstandard`.split(
    /\s+/,
  );
