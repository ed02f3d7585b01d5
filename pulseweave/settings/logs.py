"""What is logged: all of it to standard error."""

from marshmallow.validate import OneOf

from pulseweave.settings.base import env

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
