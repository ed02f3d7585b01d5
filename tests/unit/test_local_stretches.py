"""How long the local engine thinks something lasts, and until when."""

from datetime import timedelta

import pytest

from tasks_app.inference.local.times import Kind
from tests.unit.local_requests import NOW
from tests.unit.local_times import read, read_one

MONDAY_MORNING = "2026-03-09T06:00:00+08:00/2026-03-09T09:00:00+08:00"


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("下午三点到五点", "2026-03-04T15:00:00+08:00/2026-03-04T17:00:00+08:00"),
        (
            "后天上午十点到十一点半",
            "2026-03-06T10:00:00+08:00/2026-03-06T11:30:00+08:00",
        ),
        ("from 3 to 5 pm", "2026-03-04T15:00:00+08:00/2026-03-04T17:00:00+08:00"),
        ("周三到周五", "2026-03-04/2026-03-06"),
        (
            "call between 9 and 11 tomorrow",
            "2026-03-05T09:00:00+08:00/2026-03-05T11:00:00+08:00",
        ),
        ("offsite Dec 5-7", "2026-12-05/2026-12-07"),
        ("away from December 5th to 7th", "2026-12-05/2026-12-07"),
        (
            "between 3 and 5 pm on Friday",
            "2026-03-06T15:00:00+08:00/2026-03-06T17:00:00+08:00",
        ),
        (
            "明晚十点到后天早上六点",
            "2026-03-05T22:00:00+08:00/2026-03-06T06:00:00+08:00",
        ),
        ("下周一到下周三", "2026-03-09/2026-03-11"),
        ("这个冬天", "2026-12-01/2027-02-28"),
        ("明年上半年", "2027-01-01/2027-06-30"),
        ("二季度", "2026-04-01/2026-06-30"),
        ("下一周", "2026-03-09/2026-03-15"),
        ("三月第二周", "2026-03-08/2026-03-14"),
        ("the week after next", "2026-03-16/2026-03-22"),
        ("下周", "2026-03-09/2026-03-15"),
        ("明年三月", "2027-03-01/2027-03-31"),
        ("三年后的十一月", "2029-11-01/2029-11-30"),
        ("later this week", "2026-03-02/2026-03-08"),
        ("sometime next month", "2026-04-01/2026-04-30"),
        ("本周晚些时候", "2026-03-02/2026-03-08"),
    ],
)
def test_a_range_has_both_its_ends(text: str, stretch: str) -> None:
    assert read_one(text).normalized == stretch


@pytest.mark.parametrize(
    ("text", "moments"),
    [
        ("下周三和周五上课", ["2026-03-11", "2026-03-13"]),
        ("周三周五值班", ["2026-03-04", "2026-03-06"]),
        (
            "每天早上八点和晚上八点吃药",
            ["R/2026-03-05T08:00:00+08:00/P1D", "R/2026-03-04T20:00:00+08:00/P1D"],
        ),
        ("四月三号和五号", ["2026-04-03", "2026-04-05"]),
        (
            "周二和周四晚上七点",
            ["2026-03-10T19:00:00+08:00", "2026-03-05T19:00:00+08:00"],
        ),
        (
            "Monday and Wednesday at 6",
            ["2026-03-09T18:00:00+08:00", "2026-03-04T18:00:00+08:00"],
        ),
        (
            "周四和周五两点到三点",
            [
                "2026-03-05T14:00:00+08:00/2026-03-05T15:00:00+08:00",
                "2026-03-06T14:00:00+08:00/2026-03-06T15:00:00+08:00",
            ],
        ),
        ("周末和周一早上", ["2026-03-07/2026-03-08", MONDAY_MORNING]),
    ],
)
def test_what_an_enumeration_says_once_holds_for_each(
    text: str, moments: list[str]
) -> None:
    assert [span.normalized for span in read(text)] == moments


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("未来三天别洗车", "2026-03-04/2026-03-07"),
        ("接下来两周打卡", "2026-03-04/2026-03-18"),
        ("over the next two weeks", "2026-03-04/2026-03-18"),
    ],
)
def test_a_stretch_that_begins_now_is_no_deadline(text: str, stretch: str) -> None:
    span = read_one(text)
    assert (span.normalized, span.is_deadline) == (stretch, False)


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("between 9 and 11 the plumber comes", 9, 11),
        ("九点到十一点师傅上门", 9, 11),
        ("上午九点到十一点停水", 9, 11),
        ("call between 8 and 10", 20, 22),
        ("十点半到十二点", 10, 12),
    ],
)
def test_a_stretch_that_has_begun_and_is_not_over_is_meant(
    text: str, begins: int, ends: int
) -> None:
    span = read_one(text)
    assert span.begins is not None
    assert span.ends is not None
    assert (span.begins.date(), span.begins.hour) == (NOW.date(), begins)
    assert (span.ends.date(), span.ends.hour) == (NOW.date(), ends)


@pytest.mark.parametrize(
    ("text", "said", "limit"),
    [
        ("周五之前交报告", "周五之前", "2026-03-06"),
        ("月底前还款", "月底前", "2026-03-31"),
        ("最晚周四给我", "周四", "2026-03-05"),
        ("三天内回复", "三天内", "2026-03-04/2026-03-07"),
        ("半个月内换证", "半个月内", "2026-03-04/2026-03-19"),
        ("今天之内寄出", "今天之内", "2026-03-04"),
        ("年内还清", "年内", "2026-01-01/2026-12-31"),
        ("send by the end of next month", "by the end of next month", "2026-04-30"),
        ("send it by Friday", "by friday", "2026-03-06"),
    ],
)
def test_a_deadline_is_known_as_one(text: str, said: str, limit: str) -> None:
    span = read_one(text)
    assert (span.text, span.normalized, span.is_deadline) == (said, limit, True)


def test_leaving_work_is_a_deadline_without_an_invented_hour() -> None:
    span = read_one("下班前改完合同")
    assert (span.kind, span.is_deadline, span.normalized) == (Kind.VAGUE, True, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("明天提前一点出门", "明天"),
        ("明天晚一点再去", "明天"),
        ("周五早一点到公司", "周五"),
    ],
)
def test_a_bit_earlier_or_later_adds_no_hour_to_the_day(text: str, said: str) -> None:
    span = read_one(text)
    assert (span.text, span.has_clock) == (said, False)


@pytest.mark.parametrize(
    ("text", "said", "beginning"),
    [
        ("周五之后再说", "周五之后", "2026-03-07/.."),
        ("明天以后", "明天以后", "2026-03-06/.."),
        ("五月后", "五月后", "2026-06-01/.."),
        ("春节后去体检", "春节后", "2027-02-13/.."),
        ("国庆假期后", "国庆假期后", "2026-10-08/.."),
        ("年后再买", "年后", "2027-02-13/.."),
    ],
)
def test_after_a_day_begins_on_the_next_one_that_is_no_holiday(
    text: str, said: str, beginning: str
) -> None:
    span = read_one(text)
    assert (span.text, span.normalized, span.is_open) == (said, beginning, True)


@pytest.mark.parametrize(
    "text",
    [
        "饭后半小时",
        "出发前两小时",
        "会议开始前15分钟",
        "开会十分钟前",
        "饭后半小时内",
        "开始前五分钟",
        "an hour before bed",
        "30 minutes after dinner",
    ],
)
def test_a_length_before_or_after_a_deed_is_one_time_with_it(text: str) -> None:
    span = read_one(text)
    assert (span.text, span.kind, span.begins) == (text, Kind.VAGUE, None)


def test_a_length_behind_a_comma_stands_alone() -> None:
    assert [span.text for span in read("睡前，半小时后提醒我")] == ["睡前", "半小时后"]


def test_a_length_is_no_moment() -> None:
    span = read_one("开了两个半小时的会")
    assert (span.kind, span.normalized, span.begins) == (
        Kind.DURATION,
        "PT2H30M",
        None,
    )


@pytest.mark.parametrize(
    "text", ["later this week", "sometime next month", "本周晚些时候"]
)
def test_how_late_in_a_stretch_belongs_to_it(text: str) -> None:
    assert read_one(text).text == text


def test_between_belongs_to_its_stretch() -> None:
    assert read_one("九点到十一点之间打电话").text == "九点到十一点之间"
    assert [span.text for span in read("tea between 9 and 11 people")] == ["9"]


@pytest.mark.parametrize(
    ("text", "moments"),
    [
        ("moved from Monday to Tuesday at 10", ["monday", "tuesday at 10"]),
        ("reschedule the sync from 3 pm to 5 pm", ["from 3 pm", "5 pm"]),
        ("open from Monday to Tuesday", ["from monday to tuesday"]),
    ],
)
def test_what_is_moved_lasts_from_neither_to_the_other(
    text: str, moments: list[str]
) -> None:
    assert [span.text for span in read(text)] == moments


@pytest.mark.parametrize(
    "text",
    [
        "会推迟半小时",
        "会推迟半小时后开",
        "例会推后30分钟",
        "航班延误一小时",
        "postponed by half an hour",
    ],
)
def test_how_much_later_a_plan_comes_is_no_moment_from_now(text: str) -> None:
    assert read_one(text).kind is Kind.DURATION


def test_half_an_hour_from_now_stays_one() -> None:
    assert read_one("推迟到半小时后").begins == NOW + timedelta(minutes=30)
