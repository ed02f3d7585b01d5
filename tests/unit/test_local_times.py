"""When the local engine thinks a sentence is: moments and days."""

import pytest

from tasks_app.inference.local.sentence import prepare
from tasks_app.inference.local.times import Kind
from tests.unit.local_requests import NOW
from tests.unit.local_times import ZONE, read, read_one


@pytest.mark.parametrize(
    ("text", "said", "moment"),
    [
        ("明早七点去机场", "明早七点", "2026-03-05T07:00:00"),
        ("下周三下午两点半评审", "下周三下午两点半", "2026-03-11T14:30:00"),
        ("三点跟客户通话", "三点", "2026-03-04T15:00:00"),
        ("明天三点看牙", "明天三点", "2026-03-05T15:00:00"),
        ("周三三点碰头", "周三三点", "2026-03-04T15:00:00"),
        ("今晚十二点关火", "今晚十二点", "2026-03-05T00:00:00"),
        ("今晚5点取票", "今晚5点", "2026-03-04T17:00:00"),
        ("半夜两点看球", "半夜两点", "2026-03-05T02:00:00"),
        ("凌晨四点起飞", "凌晨四点", "2026-03-05T04:00:00"),
        ("中午一点半吃面", "中午一点半", "2026-03-04T13:30:00"),
        ("周五晚8点聚会", "周五晚8点", "2026-03-06T20:00:00"),
        ("差五分八点出门", "差五分八点", "2026-03-04T19:55:00"),
        ("五点一刻接人", "五点一刻", "2026-03-04T17:15:00"),
        ("晚上８：３０开黑", "晚上8:30", "2026-03-04T20:30:00"),
        ("二十三点四十的车", "二十三点四十", "2026-03-04T23:40:00"),
        ("零点抢票", "零点", "2026-03-05T00:00:00"),
        ("上午615叫醒我", "上午615", "2026-03-05T06:15:00"),
        ("半小时后关火", "半小时后", "2026-03-04T10:30:00"),
        ("一个半小时后出门", "一个半小时后", "2026-03-04T11:30:00"),
        ("十分钟后提醒我", "十分钟后", "2026-03-04T10:10:00"),
        ("三天后下午三点交", "三天后下午三点", "2026-03-07T15:00:00"),
        ("2026年5月13日上午9点", "2026年5月13日上午9点", "2026-05-13T09:00:00"),
        ("礼拜五下午四点一刻", "礼拜五下午四点一刻", "2026-03-06T16:15:00"),
        ("周一早晨七点一刻叫我", "周一早晨七点一刻", "2026-03-09T07:15:00"),
        ("24小时后复查", "24小时后", "2026-03-05T10:00:00"),
        ("两小时四十分钟后取蛋糕", "两小时四十分钟后", "2026-03-04T12:40:00"),
        ("一天半后换药", "一天半后", "2026-03-05T22:00:00"),
        ("明天这个时候出发", "明天这个时候", "2026-03-05T10:00:00"),
        ("明天这会儿给狗喂药", "明天这会儿", "2026-03-05T10:00:00"),
        ("后半夜两点换班", "后半夜两点", "2026-03-05T02:00:00"),
        ("next Tuesday at 2:30 pm", "next tuesday at 2:30 pm", "2026-03-10T14:30:00"),
        ("in half an hour", "in half an hour", "2026-03-04T10:30:00"),
        ("dinner tonight at 8", "tonight at 8", "2026-03-04T20:00:00"),
        ("tomorrow at noon", "tomorrow at noon", "2026-03-05T12:00:00"),
        ("call at quarter to five", "quarter to five", "2026-03-04T16:45:00"),
        ("March 5th at 6pm", "march 5th at 6pm", "2026-03-05T18:00:00"),
        ("gym tomorrow at 8 am", "tomorrow at 8 am", "2026-03-05T08:00:00"),
        ("tea at five pm", "at five pm", "2026-03-04T17:00:00"),
        ("call at eight thirty", "at eight thirty", "2026-03-04T20:30:00"),
        ("in 2 hours 15 minutes", "in 2 hours 15 minutes", "2026-03-04T12:15:00"),
        ("in an hour and a half", "in an hour and a half", "2026-03-04T11:30:00"),
        ("this time tomorrow", "this time tomorrow", "2026-03-05T10:00:00"),
        ("七点半天桥剧场看戏", "七点半", "2026-03-04T19:30:00"),
        ("八点半年会彩排", "八点半", "2026-03-04T20:30:00"),
        ("三点半个人汇报", "三点半", "2026-03-04T15:30:00"),
        ("明晚一点的飞机", "明晚一点", "2026-03-06T01:00:00"),
        ("最晚一点到", "一点", "2026-03-04T13:00:00"),
        ("明天一点开会", "明天一点", "2026-03-05T13:00:00"),
        (
            "两周后的周五下午三点",
            "两周后的周五下午三点",
            "2026-03-20T15:00:00",
        ),
    ],
)
def test_a_clock_time_is_read_as_the_coming_moment(
    text: str, said: str, moment: str
) -> None:
    span = read_one(text)
    assert (span.text, span.normalized) == (said, moment + ZONE)
    assert span.kind is Kind.POINT


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("大后天", "2026-03-07"),
        ("这周日", "2026-03-08"),
        ("下下周一", "2026-03-16"),
        ("15号", "2026-03-15"),
        ("三号", "2026-04-03"),
        ("下个月3号", "2026-04-03"),
        ("月底", "2026-03-31"),
        ("三月八号", "2026-03-08"),
        ("一月一日", "2027-01-01"),
        ("2月29日", "2028-02-29"),
        ("农历八月十五", "2026-09-25"),
        ("端午", "2026-06-19"),
        ("除夕", "2027-02-05"),
        ("清明", "2026-04-05"),
        ("母亲节", "2026-05-10"),
        ("国庆", "2026-10-01"),
        ("十一去日本", "2026-10-01"),
        ("中秋节当天", "2026-09-25"),
        ("今年中秋", "2026-09-25"),
        ("国庆前一天", "2026-09-30"),
        ("夏至", "2026-06-21"),
        ("复活节", "2026-04-05"),
        ("五月初五", "2026-06-19"),
        ("过年", "2027-02-06"),
        ("下周今天", "2026-03-11"),
        ("下个月第一个周一", "2026-04-06"),
        ("本月最后一个周五", "2026-03-27"),
        ("三月的最后一个工作日", "2026-03-31"),
        ("本季度末", "2026-03-31"),
        ("一个半月后", "2026-04-19"),
        ("半年后", "2026-09-04"),
        ("by end of month", "2026-03-31"),
        ("two weeks from now", "2026-03-18"),
        ("first Monday of next month", "2026-04-06"),
        ("last Friday of May", "2026-05-29"),
        ("memorial day", "2026-05-25"),
        ("two days before Christmas", "2026-12-23"),
        ("a week from Monday", "2026-03-16"),
        ("the 3rd", "2026-04-03"),
        ("两周后的周一", "2026-03-16"),
        ("两个月后的15号", "2026-05-15"),
        ("三个月后的第一个周一", "2026-06-01"),
        ("三年后的今天", "2029-03-04"),
        ("五年后的春节", "2031-01-23"),
        ("in two weeks on Monday", "2026-03-16"),
    ],
)
def test_a_day_is_the_next_one_of_its_name(text: str, day: str) -> None:
    assert read_one(text).normalized == day


def test_what_the_hour_is_for_decides_between_morning_and_evening() -> None:
    assert read_one("明天六点起床").normalized == "2026-03-05T06:00:00+08:00"
    assert read_one("明天七点聚餐").normalized == "2026-03-05T19:00:00+08:00"


def test_a_named_past_stays_in_the_past() -> None:
    span = read_one("今天早上八点的药")
    assert (span.normalized, span.is_past) == ("2026-03-04T08:00:00+08:00", True)


def test_a_bare_weekday_means_today_until_its_hour_has_passed() -> None:
    assert read_one("周三下午三点").normalized == "2026-03-04T15:00:00+08:00"
    assert read_one("周三上午九点").normalized == "2026-03-11T09:00:00+08:00"


def test_traditional_writing_means_the_same() -> None:
    assert read_one("週六下午三點").normalized == "2026-03-07T15:00:00+08:00"


def test_a_part_of_the_day_that_is_over_is_tomorrows() -> None:
    assert read_one("早上喝水").normalized == (
        "2026-03-05T06:00:00+08:00/2026-03-05T09:00:00+08:00"
    )


@pytest.mark.parametrize(
    ("text", "new_time"),
    [
        ("三点的会推迟半小时", "2026-03-04T15:30:00+08:00"),
        ("周五三点的面试延后两天", "2026-03-08T15:00:00+08:00"),
        ("周五的聚餐往后推一周", "2026-03-13"),
        ("push the 3pm meeting back by half an hour", "2026-03-04T15:30:00+08:00"),
    ],
)
def test_what_is_put_off_has_its_new_time(text: str, new_time: str) -> None:
    assert prepare(text, NOW).times[-1].normalized == new_time


@pytest.mark.parametrize("text", ["八号房租到期", "8号机票开抢", "8号门诊复查"])
def test_a_thing_that_begins_like_a_numbered_one_leaves_the_day(text: str) -> None:
    assert read_one(text).normalized == "2026-03-08"


def test_the_hour_shares_the_day_and_what_it_is_for() -> None:
    alarm, _day = prepare("六点半的闹钟，明天有早课", NOW).times
    assert alarm.normalized == "2026-03-05T06:30:00+08:00"


def test_a_morning_run_is_on_the_morning_that_is_named() -> None:
    assert read_one("tomorrow morning run 5k").text == "tomorrow morning"
    assert read("buy shoes for a morning run") == []


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("明早七点出门，十点的飞机", "2026-03-05T10:00:00"),
        ("周日上午十点的瑜伽课改到下午四点", "2026-03-08T16:00:00"),
        ("周四早上九点到十一点半培训，下午两点面试", "2026-03-05T14:00:00"),
        ("明晚八点演出，七点半检票", "2026-03-05T19:30:00"),
        ("周五晚上八点聚餐，十点散场", "2026-03-06T22:00:00"),
        ("Friday at 3 pm dentist, at 5 pick up the kids", "2026-03-06T17:00:00"),
        ("dinner on Friday at 8 pm, home at 10", "2026-03-06T22:00:00"),
        ("周五晚上八点聚餐。下午三点开会。", "2026-03-04T15:00:00"),
        ("昨天三点开的会，五点写纪要", "2026-03-04T17:00:00"),
        ("半小时后出门，八点的电影", "2026-03-04T20:00:00"),
    ],
)
def test_a_later_hour_is_of_the_day_that_was_named(text: str, moment: str) -> None:
    last = prepare(text, NOW).times[-1]
    assert last.begins is not None
    assert last.begins.isoformat() == moment + ZONE


def test_two_separate_times_stay_two() -> None:
    assert [span.text for span in read("周一交稿，周三开会")] == ["周一", "周三"]
