"""Settings that cannot be meant are refused before anything starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def check(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A start that ends once the settings have been read."""
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


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
        ("LLM_DEADLINE_S", "31"),
    ],
)
def test_a_wrong_value_ends_the_start_with_a_sentence_about_it(
    name: str, value: str
) -> None:
    start = check({name: value})
    assert start.returncode == 1
    [sentence] = start.stderr.splitlines()
    assert sentence.startswith("PulseWeave: ")
    assert name in sentence


def test_an_answer_may_not_take_longer_than_its_attempt() -> None:
    start = check({"PULSEWEAVE_TASK_DEADLINE_S": "5", "LLM_DEADLINE_S": "5.5"})
    assert start.returncode == 1
    [sentence] = start.stderr.splitlines()
    assert "LLM_DEADLINE_S (5.5)" in sentence
    assert "PULSEWEAVE_TASK_DEADLINE_S (5)" in sentence


@pytest.mark.parametrize(
    "environment",
    [
        {"PULSEWEAVE_TASK_DEADLINE_S": "1"},
        {"PULSEWEAVE_TASK_DEADLINE_S": "5", "LLM_DEADLINE_S": "5"},
    ],
)
def test_it_may_take_as_long(environment: dict[str, str]) -> None:
    assert check(environment).returncode == 0
