"""The applications that faults are tried on."""

from collections.abc import Callable

from tests.stack import Stack

MakeStack = Callable[..., Stack]

PACED = {
    "PULSEWEAVE_ENGINE": "tests.engines.PacedEngine",
    "PULSEWEAVE_SUBMIT_RATE": "0",
    "PULSEWEAVE_LEASE_S": "2",
    "PULSEWEAVE_SWEEP_INTERVAL_S": "1",
}
OWN_VALKEY = {"REDIS_URL": "", "BROKER_URL": ""}
"""A server that a test may kill, whatever the run of tests was given."""
