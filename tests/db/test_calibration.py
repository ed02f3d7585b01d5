"""Confidence, compared with what reviewers found right."""

from datetime import date, timedelta

import pytest

from tasks_app.models import Review
from tasks_app.reports import calibration, tasks
from tests.db.recorded import RecordedTask

pytestmark = pytest.mark.django_db

MONDAY, NEXT = date(2026, 3, 2), date(2026, 3, 9)


def test_calibration_compares_confidence_with_what_is_right() -> None:
    for engine, confidence, verdict in [
        ("llm", 0.7, "right"),
        ("llm", 0.79, "wrong"),
        ("llm", 1.0, "right"),
        ("llm", 0.9, "right"),
        ("llm", 0.95, "unsure"),
        ("llm", 0.95, None),
        ("local", 0.3, "wrong"),
    ]:
        RecordedTask(
            "2026-03-02T10:00", engine=engine, confidence=confidence, verdict=verdict
        ).store()
    RecordedTask(
        "2026-04-02T10:00", engine="llm", confidence=0.1, verdict="wrong"
    ).store()
    [llm, local] = calibration(MONDAY, NEXT)
    assert [(b.low, b.high, b.judged, b.accuracy) for b in llm.bands] == [
        (0.7, 0.8, 2, 0.5),
        (0.9, 1.0, 2, 1.0),
    ]
    assert [b.mean_confidence for b in llm.bands] == pytest.approx([0.745, 0.95])
    assert (llm.engine, llm.judged, llm.accuracy) == ("llm", 4, 0.75)
    assert llm.error == pytest.approx((2 * 0.245 + 2 * 0.05) / 4)
    assert (local.engine, local.accuracy, local.bands[0].low) == ("local", 0.0, 0.3)
    assert calibration(NEXT, NEXT) == []


def test_calibration_has_reviews_of_a_clock_that_is_behind() -> None:
    task = RecordedTask("2026-03-02T00:00:01", confidence=0.7, verdict="right").store()
    Review.objects.update(reviewed_at=task.created_at - timedelta(seconds=2))
    [local] = calibration(MONDAY, NEXT)
    [row] = tasks().submitted_between(MONDAY, NEXT).in_all().with_accuracy()
    assert (local.judged, row["right"]) == (1, 1)


@pytest.mark.parametrize("hundredths", range(101))
def test_a_confidence_is_in_the_band_that_it_begins(hundredths: int) -> None:
    RecordedTask("2026-03-02T10:00", confidence=hundredths / 100).store()
    [row] = tasks().by_confidence().with_counts()
    assert row["band"] == min(hundredths // 10, 9)
