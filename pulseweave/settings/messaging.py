"""The channel layer, and Celery with its broker and its clock."""

import hashlib
import os
import tempfile
from pathlib import Path

from marshmallow.validate import Range, Regexp

from pulseweave.settings.base import DATA_DIR, env


def _valkey_socket(data_dir: Path) -> Path:
    """Where the embedded server listens; short enough for a unix socket (107 bytes)."""
    socket = data_dir / "valkey.sock"
    if len(os.fsencode(socket)) < 100:
        return socket
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"pulseweave-{os.getuid()}-{digest}.sock"


VALKEY_SOCKET = _valkey_socket(DATA_DIR)
REDIS_URL = env.str(
    "REDIS_URL",
    "",
    validate=Regexp("^$|^(redis|rediss|unix)://", error="Must be a redis:// URL."),
)
IS_REDIS_EMBEDDED = not REDIS_URL
REDIS_URL = REDIS_URL or f"unix://{VALKEY_SOCKET}"
BROKER_URL = env.str("BROKER_URL", "") or REDIS_URL.replace(
    "unix://", "redis+socket://"
)

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "prefix": env.str("PULSEWEAVE_CHANNEL_PREFIX", "pulseweave"),
            "hosts": [
                {
                    "address": REDIS_URL,
                    "socket_timeout": 3,
                    "socket_connect_timeout": 2,
                    "health_check_interval": 10,
                }
            ],
        },
    }
}

CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = env.str("PULSEWEAVE_QUEUE", "pulseweave")
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = 2
"""Threads that take doorbells; inferences run on the loop behind them."""
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"socket_timeout": 3, "socket_connect_timeout": 2, "max_retries": 1}
    if BROKER_URL.startswith("redis")
    else {}
)
SWEEP_INTERVAL_S = env.float(
    "PULSEWEAVE_SWEEP_INTERVAL_S", 10.0, validate=Range(0.1, 3600)
)
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "tasks_app.tasks.sweep",
        "schedule": SWEEP_INTERVAL_S,
        # A beat that was away does not make workers sweep for each tick it missed.
        "options": {"expires": SWEEP_INTERVAL_S * 2},
    }
}
