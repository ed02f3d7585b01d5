"""When those who wait may expect their results."""

import pytest

from tasks_app.outlook import Pace


@pytest.mark.parametrize("pace", [Pace(None, 4, 0), Pace(2.0, 0, 0), Pace(None, 0, 0)])
def test_what_is_not_known_is_not_invented(pace: Pace) -> None:
    assert pace.eta_s(1) is None


def test_one_worker_that_runs_one_takes_them_one_after_the_other() -> None:
    idle, busy = Pace(2.0, 1, 0), Pace(2.0, 1, 1)
    assert [idle.eta_s(position) for position in (1, 2, 3)] == [2.0, 4.0, 6.0]
    assert [busy.eta_s(position) for position in (1, 2, 3)] == [4.0, 6.0, 8.0]


def test_what_finds_a_free_place_only_has_to_run() -> None:
    pace = Pace(2.0, capacity=10, running=6)
    assert [pace.eta_s(position) for position in (1, 4)] == [2.0, 2.0]
    assert pace.eta_s(5) == 2.2


def test_it_grows_with_the_position() -> None:
    pace = Pace(0.5, capacity=3, running=3)
    etas = [pace.eta_s(position) for position in range(1, 100)]
    assert None not in etas
    assert etas == sorted(etas, key=float)  # type: ignore[arg-type]
    assert etas[-1] == pytest.approx(0.5 * (1 + 99 / 3), abs=0.05)


def test_workers_that_run_more_than_they_could_have_no_place_less_than_none() -> None:
    assert Pace(2.0, capacity=1, running=5).eta_s(1) == Pace(2.0, 1, 1).eta_s(1)
