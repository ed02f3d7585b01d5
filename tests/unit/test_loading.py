"""What a process loads: each start waits for all of it, and no test may hide it."""

import subprocess
import sys

import pytest
from django.conf import settings

_PARTS = {
    "web": "import pulseweave.asgi",
    "beat": "from pulseweave.celery import app; app.loader.import_default_modules()",
    "up": "import django; django.setup(); import tasks_app.embedded.runner",
}
_ENGINES = ("tasks_app.inference.local", "tasks_app.inference.llm", "rjieba")
_NEEDLESS = {
    "web": _ENGINES,
    "beat": (*_ENGINES, "psycopg", "unfold.admin"),
    "up": (*_ENGINES, "psycopg", "unfold.admin"),
}


@pytest.mark.parametrize("part", _PARTS)
def test_a_part_loads_nothing_that_it_has_no_use_for(part: str) -> None:
    tell = f"import sys; print(*set({_NEEDLESS[part]!r}) & sys.modules.keys())"
    loaded = subprocess.run(
        [sys.executable, "-c", f"{_PARTS[part]}; {tell}"],
        cwd=settings.BASE_DIR,
        env={
            "DJANGO_SETTINGS_MODULE": "pulseweave.settings",
            "PULSEWEAVE_DATA_DIR": str(settings.DATA_DIR),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout.split() == []
