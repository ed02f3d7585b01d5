"""Every setting of PulseWeave; the only module that reads the environment.

A wrong value ends the start with a sentence that names its variable. The README has
all of them in one table.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _
from environs import Env
from marshmallow.validate import OneOf, Range, Regexp

from pulseweave.skin import UNFOLD  # noqa: F401 - a setting

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / env.str("PULSEWEAVE_DATA_DIR", "var")
try:
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"PULSEWEAVE_DATA_DIR: {error}") from error

PORT = env.int("PORT", 8000, validate=Range(1, 65535))
BIND = env.str("PULSEWEAVE_BIND", "127.0.0.1")
PRODUCTION = env.bool("PULSEWEAVE_PRODUCTION", False)
DEBUG = env.bool("DEBUG", False)


# --- Secrets and addresses ------------------------------------------------------


def _secret_key(path: Path) -> str:
    """The key of this installation, made at its first start.

    Several processes may start at once: the first to link its file in wins, and a
    reader never sees half a key.
    """
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:
            draft.write(get_random_secret_key())
        try:
            os.link(draft.name, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft.name)
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", "")
if PRODUCTION and not SECRET_KEY:
    raise ImproperlyConfigured("PULSEWEAVE_PRODUCTION needs SECRET_KEY: set it.")
SECRET_KEY = SECRET_KEY or _secret_key(DATA_DIR / "secret_key")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])

_check_origin = Regexp(
    r"^https?://([^][/?#@\s]+|\[[0-9a-fA-F:]+\](:\d+)?)$",
    error="Each must be https://host or https://host:port.",
)
_LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_ORIGINS: list[str] = env.list(
    "PULSEWEAVE_ALLOWED_ORIGINS",
    [] if PRODUCTION else [f"http://{host}:{PORT}" for host in _LOOPBACK],
    validate=lambda origins: [_check_origin(origin) for origin in origins],
)
"""Origins (scheme://host[:port]) of the pages that may open sockets and post forms."""
ALLOWED_HOSTS = sorted(
    {urlsplit(origin).hostname or "" for origin in ALLOWED_ORIGINS}
    | set(_LOOPBACK)
    | set(env.list("PULSEWEAVE_ALLOWED_HOSTS", []))
)
CSRF_TRUSTED_ORIGINS = ALLOWED_ORIGINS

if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    # Probes come from inside, without the proxy.
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- Django ---------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin.apps.SimpleAdminConfig",  # its pages are loaded by `urls`
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "tasks_app",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tasks_app.middleware.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tasks_app.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "pulseweave.urls"
ASGI_APPLICATION = "pulseweave.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_REDIRECT_URL = "admin:index"
X_FRAME_OPTIONS = "DENY"

# Pages load only what is ours, and hold no script of their own.
_POLICY = {
    "default-src": [SELF],
    "connect-src": [SELF],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _POLICY}
ADMIN_POLICY = {
    **_POLICY,
    # The skin evaluates expressions that stand in its own templates (Alpine.js), and
    # sets styles in them.
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
}
"""Of the staff's pages."""

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英语"))]
# For Django's own form in the admin, and for LanguageMiddleware.
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION
LOCALE_PATHS = [BASE_DIR / "tasks_app" / "locale"]
TIME_ZONE = env.str(
    "TIME_ZONE",
    "Asia/Shanghai",
    validate=OneOf(available_timezones(), error="Must be such as Asia/Shanghai."),
)
USE_TZ = True

STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
"""Files are served from where they lie, so that no collecting step is forgotten."""

# --- Database, channel layer, broker ------------------------------------------------

_SQLITE = f"sqlite:///{DATA_DIR / 'db.sqlite3'}"
DATABASES = {"default": env.dj_db_url("DATABASE_URL", _SQLITE)}
_database = DATABASES["default"]
# A connection kept by a thread would outlive the thread's event loop under ASGI.
_database["CONN_MAX_AGE"] = 0
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # Without WAL and IMMEDIATE, writers in several processes fail at once; without
    # FULL, a power cut undoes commits that were acknowledged.
    _database["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
    }
    # In memory, where Django would test, connections of several threads fail at once.
    _database["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
elif _database["ENGINE"] == "django.db.backends.postgresql":
    # Each process would load it for a fifth of a second, also those without a use.
    from psycopg_pool import ConnectionPool

    _database["ENGINE"] = "pulseweave.postgresql"
    _database.setdefault("OPTIONS", {}).update(
        {
            # Each attempt of a series waits twice as long as the last: often anew.
            "pool": {
                "min_size": 1,
                "max_size": 12,
                "timeout": 10,
                "reconnect_timeout": 2,
                "reconnect_failed": ConnectionPool.check,
            },
            "connect_timeout": 5,
            # A server that vanished without a word is noticed within half a minute.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
            "application_name": "pulseweave",
            # A statement that takes longer is stuck, and would hold its thread. To
            # compile one (jit) takes longer than any of ours.
            "options": "-c statement_timeout=30000 -c lock_timeout=10000 -c jit=off",
        }
    )
else:
    raise ImproperlyConfigured("DATABASE_URL must be a PostgreSQL or SQLite URL.")


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

# --- Tasks ------------------------------------------------------------------------

_LONGEST_S = 10 * 365 * 86_400
"""A decade, which dates can take."""

WORKER_CONCURRENCY = env.int(
    "PULSEWEAVE_WORKER_CONCURRENCY", 256, validate=Range(1, 100_000)
)
"""Inferences in flight in one worker process."""
LEASE_S = env.float("PULSEWEAVE_LEASE_S", 30.0, validate=Range(1, _LONGEST_S))
"""A claim not renewed for so long is a dead worker's."""
MAX_ATTEMPTS = env.int("PULSEWEAVE_MAX_ATTEMPTS", 3, validate=Range(1, 1000))
TASK_DEADLINE_S = env.float(
    "PULSEWEAVE_TASK_DEADLINE_S", 30.0, validate=Range(1, _LONGEST_S)
)
"""One attempt's total time, whatever its engine does."""
QUEUE_DEADLINE_S = env.float(
    "PULSEWEAVE_QUEUE_DEADLINE_S", 3600.0, validate=Range(0, _LONGEST_S)
)
"""What no worker has claimed in so long fails; 0 = it may wait for ever."""
RETENTION_S = env.float("PULSEWEAVE_RETENTION_S", 0.0, validate=Range(0, _LONGEST_S))
"""What has been final for so long is deleted; 0 = kept."""
STOP_GRACE_S = env.float("PULSEWEAVE_STOP_GRACE_S", 6.0, validate=Range(0, _LONGEST_S))
"""What runs when a worker is told to stop has so long to end."""
RESUME_TOKEN_AGE_S = env.int(
    "PULSEWEAVE_RESUME_TOKEN_AGE_S", 7 * 86_400, validate=Range(1, _LONGEST_S)
)
"""How long a client may come back as the one it was."""

# --- Limits (0 = none) ----------------------------------------------------------------


def _check_rate(per_second: float) -> None:
    """Refuse what is neither none nor at least one in a few hours."""
    if per_second:
        Range(0.0001, 1_000_000)(per_second)


SUBMIT_RATE = env.float("PULSEWEAVE_SUBMIT_RATE", 10.0, validate=_check_rate)
"""Submissions per second of one owner, with bursts of twice that."""
ADDRESS_SUBMIT_RATE = env.float(
    "PULSEWEAVE_ADDRESS_SUBMIT_RATE", SUBMIT_RATE, validate=_check_rate
)
"""The same of all clients at one address."""
MAX_UNFINISHED_TASKS = env.int(
    "PULSEWEAVE_MAX_UNFINISHED_TASKS", 5000, validate=Range(0)
)
"""Of one owner."""
MAX_QUEUE_SIZE = env.int("PULSEWEAVE_MAX_QUEUE_SIZE", 100_000, validate=Range(0))
"""Pending tasks of all owners."""
MAX_CONNECTIONS_PER_ADDRESS = env.int(
    "PULSEWEAVE_MAX_CONNECTIONS_PER_ADDRESS", 1000, validate=Range(0)
)
MAX_MESSAGE_BYTES = env.int("PULSEWEAVE_MAX_MESSAGE_BYTES", 65_536, validate=Range(0))
"""Daphne ends connections whose messages are larger than its own option says."""
MAX_TEXT_LENGTH = env.int("PULSEWEAVE_MAX_TEXT_LENGTH", 2000, validate=Range(1))
MAX_BAD_MESSAGES = env.int("PULSEWEAVE_MAX_BAD_MESSAGES", 600, validate=Range(0))
"""Refused messages of one connection in a minute; one more closes it."""
TRUSTED_PROXIES = env.int(
    "PULSEWEAVE_TRUSTED_PROXIES", 1 if PRODUCTION else 0, validate=Range(0)
)
"""How many proxies are in front, each of which adds to X-Forwarded-For."""

# --- Engines ------------------------------------------------------------------------

ENGINE = env.str("PULSEWEAVE_ENGINE", "auto")
"""`auto`, `local`, `llm`, or the dotted path of an Engine class."""
LLM_API_KEY = env.str("LLM_API_KEY", "") or env.str("DEEPSEEK_API_KEY", "")
LLM_BASE_URL = env.str("LLM_BASE_URL", "https://api.deepseek.com")
LLM_MODEL = env.str("LLM_MODEL", "deepseek-flash")
LLM_PROVIDER_NAME = env.str("LLM_PROVIDER_NAME", "DeepSeek")
LLM_RESPONSE_FORMAT = env.str(
    "LLM_RESPONSE_FORMAT",
    "json_object",
    validate=OneOf(["json_schema", "json_object", "none"]),
)
LLM_DEADLINE_S = env.float(
    "LLM_DEADLINE_S", max(1.0, TASK_DEADLINE_S - 1), validate=Range(1, _LONGEST_S)
)
"""A second less than an attempt has, so that the engine can say what was late."""
if LLM_DEADLINE_S > TASK_DEADLINE_S:
    raise ImproperlyConfigured(
        f"LLM_DEADLINE_S ({LLM_DEADLINE_S:g}) must not exceed "
        f"PULSEWEAVE_TASK_DEADLINE_S ({TASK_DEADLINE_S:g}): no answer may take longer "
        "than its attempt."
    )
LLM_FIRST_CONTENT_S = env.float(
    "LLM_FIRST_CONTENT_S", 15.0, validate=Range(0.1, _LONGEST_S)
)
_PRICE = Range(0, 1_000_000)
LLM_PRICE_INPUT = env.decimal("LLM_PRICE_INPUT", None, validate=_PRICE)
"""Of a million tokens, like the others; None = not known."""
LLM_PRICE_OUTPUT = env.decimal("LLM_PRICE_OUTPUT", None, validate=_PRICE)
LLM_PRICE_CACHED_INPUT = env.decimal(
    "LLM_PRICE_CACHED_INPUT", LLM_PRICE_INPUT, validate=_PRICE
)
"""Of those that the provider had in its cache."""
if (LLM_PRICE_INPUT is None) != (LLM_PRICE_OUTPUT is None):
    raise ImproperlyConfigured(
        "LLM_PRICE_INPUT and LLM_PRICE_OUTPUT belong together: set both or neither."
    )
LLM_CONTENT_GAP_S = env.float(
    "LLM_CONTENT_GAP_S", 10.0, validate=Range(0.1, _LONGEST_S)
)

# --- Logs -------------------------------------------------------------------------

LOG_LEVEL = env.str(
    "LOG_LEVEL",
    "INFO",
    validate=OneOf(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]),
)
LOGGING = {
    "version": 1,
    # Otherwise Daphne's tracebacks would be silenced.
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # httpx logs whole URLs at INFO, Daphne every connection.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        # Anyone can ask for any host; it is answered 400 and no news.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # It has a line for every retry, without its reason.
        "stamina": {"level": "ERROR"},
    },
}
