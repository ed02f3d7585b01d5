"""What clients may do; 0 = no limit."""

from marshmallow.validate import Range

from pulseweave.settings.base import PRODUCTION, env


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
