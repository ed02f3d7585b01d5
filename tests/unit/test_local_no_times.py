"""What the local engine takes for no time, or for none on a date."""

import pytest

from tasks_app.inference.local.sentence import prepare
from tasks_app.inference.local.times import Kind
from tests.unit.local_requests import NOW
from tests.unit.local_times import read, read_one


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
    "text",
    ["日落时分", "天黑之前", "八十年代的歌", "未来几天", "before sunset", "the 80s"],
)
def test_a_time_without_a_date_is_found_but_not_pinned_down(text: str) -> None:
    assert [(span.kind, span.begins) for span in read(text)] == [(Kind.VAGUE, None)]


def test_the_name_of_an_exam_takes_nothing_from_the_day() -> None:
    assert read_one("科目三周四下午考").text == "周四下午"
    assert read_one("科目二周五考").normalized == "2026-03-06"


def test_a_day_that_does_not_exist_is_not_moved_to_another() -> None:
    assert read_one("2月30号").normalized is None


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
