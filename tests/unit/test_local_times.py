"""When the local engine thinks a sentence is, seen from a Wednesday at ten."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tasks_app.inference.local.normalize import normalize
from tasks_app.inference.local.sentence import prepare
from tasks_app.inference.local.times import Kind, TimeSpan, find_times

NOW = datetime(2026, 3, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
ZONE = "+08:00"
MONDAY_MORNING = "2026-03-09T06:00:00+08:00/2026-03-09T09:00:00+08:00"


def read(text: str, now: datetime = NOW) -> list[TimeSpan]:
    return find_times(normalize(text), now)


def read_one(text: str, now: datetime = NOW) -> TimeSpan:
    (span,) = read(text, now)
    return span


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


@pytest.mark.parametrize(
    "text",
    [
        "牛排要三分熟",
        "这件事十分重要",
        "买两点五升可乐",
        "坐三号线去公司",
        "星期几都行",
        "我有三点建议",
        "三点意见要改",
        "两点一线的生活",
        "早点睡",
        "有一点累",
        "一点都不想去",
        "买十一个鸡蛋",
        "和王五一起去",
        "92号汽油加满",
        "住15号楼",
        "听五月天",
        "上五年级",
        "过生日",
        "写周报",
        "下午茶很好喝",
        "早上好",
        "三分钟热度",
        "播放电影《后天》",
        "哪三点要改",
        "这道题有五点需要注意",
        "8点钟方向",
        "早些睡",
        "发我现在的位置",
        "把夏天的衣服收起来",
        "五一广场怎么走",
        "八一中学",
        "前夕阳红",
        "first of all call Bob",
        "1.5升水",
        "提前一点到",
        "早一点睡",
        "晚一点给妈妈打电话",
        "给我一点时间",
        "等了半天",
        "半天没找到",
        "会后悔的",
        "早晚温差大",
        "good morning",
        "buy 2 liters of milk at the store",
    ],
)
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert read(text) == []


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


def test_leaving_work_is_a_deadline_without_an_invented_hour() -> None:
    span = read_one("下班前改完合同")
    assert (span.kind, span.is_deadline, span.normalized) == (Kind.VAGUE, True, None)


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
    "text",
    ["日落时分", "天黑之前", "八十年代的歌", "未来几天", "before sunset", "the 80s"],
)
def test_a_time_without_a_date_is_found_but_not_pinned_down(text: str) -> None:
    assert [(span.kind, span.begins) for span in read(text)] == [(Kind.VAGUE, None)]


def test_a_length_is_no_moment() -> None:
    span = read_one("开了两个半小时的会")
    assert (span.kind, span.normalized, span.begins) == (
        Kind.DURATION,
        "PT2H30M",
        None,
    )


def test_what_the_hour_is_for_decides_between_morning_and_evening() -> None:
    assert read_one("明天六点起床").normalized == "2026-03-05T06:00:00+08:00"
    assert read_one("明天七点聚餐").normalized == "2026-03-05T19:00:00+08:00"


def test_a_named_past_stays_in_the_past() -> None:
    span = read_one("今天早上八点的药")
    assert (span.normalized, span.is_past) == ("2026-03-04T08:00:00+08:00", True)


def test_a_bare_weekday_means_today_until_its_hour_has_passed() -> None:
    assert read_one("周三下午三点").normalized == "2026-03-04T15:00:00+08:00"
    assert read_one("周三上午九点").normalized == "2026-03-11T09:00:00+08:00"


def test_a_day_that_does_not_exist_is_not_moved_to_another() -> None:
    assert read_one("2月30号").normalized is None


def test_traditional_writing_means_the_same() -> None:
    assert read_one("週六下午三點").normalized == "2026-03-07T15:00:00+08:00"


@pytest.mark.parametrize(
    "text", ["later this week", "sometime next month", "本周晚些时候"]
)
def test_how_late_in_a_stretch_belongs_to_it(text: str) -> None:
    assert read_one(text).text == text


def test_a_part_of_the_day_that_is_over_is_tomorrows() -> None:
    assert read_one("早上喝水").normalized == (
        "2026-03-05T06:00:00+08:00/2026-03-05T09:00:00+08:00"
    )


def test_the_name_of_an_exam_takes_nothing_from_the_day() -> None:
    assert read_one("科目三周四下午考").text == "周四下午"
    assert read_one("科目二周五考").normalized == "2026-03-06"


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


def test_between_belongs_to_its_stretch() -> None:
    assert read_one("九点到十一点之间打电话").text == "九点到十一点之间"
    assert [span.text for span in read("tea between 9 and 11 people")] == ["9"]


def test_a_morning_run_is_on_the_morning_that_is_named() -> None:
    assert read_one("tomorrow morning run 5k").text == "tomorrow morning"
    assert read("buy shoes for a morning run") == []


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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("帮我记一下，嗯，下周二交初稿", "下周二"),
        ("周三，三点开会", "周三，三点"),
        ("明天，明天下午开会", "明天下午"),
    ],
)
def test_a_stutter_is_a_word_that_stands_alone(text: str, said: str) -> None:
    assert [span.text for span in prepare(text, NOW).times] == [said]


def test_two_separate_times_stay_two() -> None:
    assert [span.text for span in read("周一交稿，周三开会")] == ["周一", "周三"]
