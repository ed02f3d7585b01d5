"""SQLite, unless `DATABASE_URL` names a PostgreSQL server."""

from django.core.exceptions import ImproperlyConfigured

from pulseweave.settings.base import DATA_DIR, env

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
    # Where it is not used, no process waits for it to load.
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
