"""Attempts, leases, deadlines and retention of tasks."""

from marshmallow.validate import Range

from pulseweave.settings.base import duration, env

WORKER_CONCURRENCY = env.int(
    "PULSEWEAVE_WORKER_CONCURRENCY", 256, validate=Range(1, 100_000)
)
"""Inferences in flight in one worker process."""
LEASE_S = env.float("PULSEWEAVE_LEASE_S", 30.0, validate=duration(1))
"""A claim not renewed for so long is a dead worker's."""
MAX_ATTEMPTS = env.int("PULSEWEAVE_MAX_ATTEMPTS", 3, validate=Range(1, 1000))
TASK_DEADLINE_S = env.float("PULSEWEAVE_TASK_DEADLINE_S", 30.0, validate=duration(1))
"""One attempt's total time, whatever its engine does."""
QUEUE_DEADLINE_S = env.float(
    "PULSEWEAVE_QUEUE_DEADLINE_S", 3600.0, validate=duration(0)
)
"""What no worker has claimed in so long fails; 0 = it may wait for ever."""
RETENTION_S = env.float("PULSEWEAVE_RETENTION_S", 0.0, validate=duration(0))
"""What has been final for so long is deleted; 0 = kept."""
STOP_GRACE_S = env.float("PULSEWEAVE_STOP_GRACE_S", 6.0, validate=duration(0))
"""What runs when a worker is told to stop has so long to end."""
RESUME_TOKEN_AGE_S = env.int(
    "PULSEWEAVE_RESUME_TOKEN_AGE_S", 7 * 86_400, validate=duration(1)
)
"""How long a client may come back as the one it was."""
