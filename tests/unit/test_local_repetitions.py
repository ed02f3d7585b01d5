"""What the local engine takes for something that comes again."""

import pytest

from tasks_app.inference.local.times import Kind
from tests.unit.local_requests import NOW
from tests.unit.local_times import read_one


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("每周三晚上八点", "R/2026-03-04T20:00:00+08:00/P1W"),
        ("每月15号", "R/2026-03-15/P1M"),
        ("每月最后一天", "R/2026-03-31/P1M"),
        ("每隔两天", "R/P2D"),
        ("隔天", "R/P2D"),
        ("隔周五", "R/2026-03-06/P2W"),
        ("每月第一个周一", "R/2026-04-06/P1M"),
        ("每季度末", "R/2026-03-31/P3M"),
        ("每年中秋", "R/2026-09-25/P1Y"),
        ("每个工作日早上八点", "R/2026-03-05T08:00:00+08:00/P1W"),
        ("周一、三、五晚上七点", "R/2026-03-04T19:00:00+08:00/P1W"),
        ("一天吃三次", "R/P1D"),
        ("每天睡前", "R/P1D"),
        ("每隔八小时", "R/PT8H"),
        ("周一到周五九点", "R/2026-03-05T09:00:00+08:00/P1W"),
        ("每逢周末", "R/2026-03-07/P1W"),
        ("every day at 8pm", "R/2026-03-04T20:00:00+08:00/P1D"),
        ("every other week", "R/P2W"),
        ("yoga every Tuesday and Thursday at 5", "R/2026-03-05T17:00:00+08:00/P1W"),
        ("every Monday, Wednesday and Friday", "R/2026-03-04/P1W"),
        ("swim on Saturdays and Sundays", "R/2026-03-07/P1W"),
        ("every other Friday", "R/2026-03-06/P2W"),
        ("on weekdays at 8 am", "R/2026-03-05T08:00:00+08:00/P1W"),
        ("每周一早上九点半", "R/2026-03-09T09:30:00+08:00/P1W"),
        ("每周三早上", "R/2026-03-11T06:00:00+08:00/P1W"),
        ("每天早晚刷牙", "R/2026-03-04T18:00:00+08:00/P1D"),
        ("每天早中晚饭后半小时", "R/2026-03-04T11:00:00+08:00/P1D"),
        ("每天早晚八点", "R/2026-03-04T20:00:00+08:00/P1D"),
        ("早晚各一次", "R/2026-03-04T18:00:00+08:00/P1D"),
    ],
)
def test_a_repetition_begins_with_its_next_time(text: str, rule: str) -> None:
    span = read_one(text)
    assert (span.kind, span.normalized) == (Kind.RECURRING, rule)


@pytest.mark.parametrize("text", ["每天早晚", "每天早中晚", "每天早晚饭后"])
def test_parts_of_a_day_in_a_row_are_one_time(text: str) -> None:
    assert read_one(text + "吃药").text == text


def test_a_repetition_whose_hour_has_passed_waits_for_its_weekday() -> None:
    late = NOW.replace(hour=21)
    assert read_one("每周三晚上八点", late).normalized == (
        "R/2026-03-11T20:00:00+08:00/P1W"
    )
