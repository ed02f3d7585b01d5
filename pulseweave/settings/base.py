"""Where the project and its data are, and how it is served."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environs import Env
from marshmallow.validate import Range

env = Env()

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = BASE_DIR / env.str("PULSEWEAVE_DATA_DIR", "var")
try:
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"PULSEWEAVE_DATA_DIR: {error}") from error

PORT = env.int("PORT", 8000, validate=Range(1, 65535))
BIND = env.str("PULSEWEAVE_BIND", "127.0.0.1")
PRODUCTION = env.bool("PULSEWEAVE_PRODUCTION", False)
DEBUG = env.bool("DEBUG", False)


def duration(least_s: float) -> Range:
    """Accepts seconds from `least_s` to a decade, which dates can take."""
    return Range(least_s, 10 * 365 * 86_400)
