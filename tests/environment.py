"""The environment that the tests' own process reads its settings from.

Loaded with `-p` (see pyproject.toml), before pytest-django reads the settings. The
services may be given (`DATABASE_URL`, `REDIS_URL`, `BROKER_URL`); nothing else of a
developer's environment is let in, neither settings nor the key of a paid service, and
nothing is written into the checkout.
"""

import atexit
import os
import shutil
import tempfile

SERVICES = ("DATABASE_URL", "REDIS_URL", "BROKER_URL")
_PREFIXES = ("PULSEWEAVE_", "LLM_", "DEEPSEEK_", "DJANGO_", "SECRET_KEY")
_NAMES = ("PORT", "DEBUG", "LOG_LEVEL", "TIME_ZONE")

for _name in list(os.environ):
    if _name.startswith(_PREFIXES) or _name in _NAMES:
        del os.environ[_name]

_data_dir = tempfile.mkdtemp(prefix="pulseweave-tests-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ["PULSEWEAVE_DATA_DIR"] = _data_dir
os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = _data_dir
