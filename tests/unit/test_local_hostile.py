"""No text breaks the local engine or holds it up."""

import random
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tasks_app.inference.contract import Request
from tasks_app.inference.local.engine import understand
from tasks_app.protocol.events import Event
from tests.unit.local_requests import insights

LONGEST = 2000
UNITS = [
    *("一", "1", "半", "十一", "年", "每", "三点", "周三三点", "三点到", "不要", "嗯"),
    *("带钥匙和", "带a，", "12:34 ", "2026年", "9999年后", "机场", "买牛奶", "提醒我"),
    *("at 8 ", "an ", "a@", "a.", "a@b.c", "um ", "march ", "with A", "1/2", "¥1,"),
    *("周三，三点，", "例会取消，", "的", "要，", "三点的", "如果三点就，"),
    *("İ", "😀", " ", "，", "\x00", "后", "转三千 "),
]
PIECES = [
    *("明天", "下周三", "每天", "三点半", "到", "之前", "13月", "45号", "2月30号"),
    *("24:00", "25点", "农历", "除夕", "正月", "初五", "去年", "节", "半小时后"),
    *("两万亿年后", "99999", "每隔", "周一三五", "月底", "带", "不要", "嗯", "提醒我"),
    *("next ", "monday", " at ", "8 pm", "北京", "买", "，", "。", " ", "0", "1", "9"),
    *(":", "/", "-", ".", "点", "分", "十", "百", "半", "个", "的", "上", "下", "@"),
]


def seconds(text: str) -> float:
    started = time.process_time()
    insights(text)
    return time.process_time() - started


@pytest.mark.parametrize("unit", UNITS)
def test_a_long_repetition_takes_time_linear_in_its_length(unit: str) -> None:
    text = unit * LONGEST
    seconds(text[:10])
    quarter = min(seconds(text[: LONGEST // 4]) for _ in range(2))
    whole = min(seconds(text[:LONGEST]) for _ in range(2))
    assert whole < 8 * quarter + 0.05


def test_no_mixture_of_words_and_digits_breaks_it() -> None:
    chance = random.Random(20260304)
    for _ in range(500):
        insights("".join(chance.choices(PIECES, k=chance.randint(1, 20))))


@pytest.mark.parametrize("year", [1, 2, 1970, 2050, 2051, 9998, 9999])
def test_no_now_is_too_early_or_too_late(year: int) -> None:
    texts = ["去年春节", "后年12月31日晚上12点", "农历八月十五", "一万年后", "明天"]
    for zone in (ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")):
        first = datetime(year, 1, 1, tzinfo=zone)
        last = datetime(year, 12, 31, 23, 59, tzinfo=zone)
        for text in texts:
            understand(Request(text=text, now=first, event=Event()))
            understand(Request(text=text, now=last, event=Event()))
