"""How often one owner, or one address, may submit."""

import pytest

from tasks_app.submit_rate import Quota, too_often


@pytest.mark.parametrize(
    ("per_second", "quota"),
    [
        (10, (20, 2)),
        (2.5, (5, 2)),
        (1, (2, 2)),
        (0.6, (1, 2)),
        (0.5, (1, 2)),
        (0.4, (1, 3)),
        (0.1, (1, 10)),
        (0.03, (1, 34)),
        (1e-6, (1, 1_000_000)),
    ],
)
def test_a_quota_is_what_whole_seconds_have_room_for(
    per_second: float, quota: tuple[int, int]
) -> None:
    assert Quota.of_rate(per_second) == quota


def test_a_rate_of_zero_is_no_quota() -> None:
    assert Quota.of_rate(0) is None


@pytest.mark.parametrize("wait_s", [-1, 0, 0.04, 0.1, 1.99, 2])
def test_who_is_told_to_wait_waits_a_little_longer_but_not_much(wait_s: float) -> None:
    told = too_often(wait_s).retry_after
    assert told is not None
    assert max(wait_s, 0) + 0.09 < told <= max(wait_s, 0) + 0.2
