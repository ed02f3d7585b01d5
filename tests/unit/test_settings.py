"""Settings that cannot be meant are refused before anything starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PULSEWEAVE_SUBMIT_RATE", "1e308"),
        ("PULSEWEAVE_ADDRESS_SUBMIT_RATE", "1e-320"),
        ("PULSEWEAVE_SUBMIT_RATE", "-1"),
        ("PULSEWEAVE_LEASE_S", "nan"),
        ("PULSEWEAVE_RETENTION_S", "1e30"),
        ("PULSEWEAVE_WORKER_CONCURRENCY", "0"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("LLM_PRICE_INPUT", "-1"),
        ("LLM_PRICE_OUTPUT", "3"),
    ],
)
def test_a_wrong_value_ends_the_start_with_a_sentence_about_it(
    name: str, value: str
) -> None:
    start = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=os.environ | {name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert start.returncode == 1
    [sentence] = start.stderr.splitlines()
    assert sentence.startswith("PulseWeave: ")
    assert name in sentence
