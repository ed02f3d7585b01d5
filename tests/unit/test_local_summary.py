"""The summary of the local engine: what was said, told with its dates."""

import pytest

from tests.unit.local_requests import ask


def test_it_names_the_kind_of_plan_and_what_was_said() -> None:
    summary = ask("明早七点去机场，记得身份证和充电宝").summary_text
    assert summary == (
        "出行安排：明早七点（3月5日 周四 07:00）去机场，记得身份证和充电宝。"
    )


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("嗯那个帮我记一下，三亚的酒店要订", "三亚的酒店要订"),
        ("小艺小艺，起床以后喝水", "起床以后喝水"),
        ("呃，买，买那个，买个充电器", "买个充电器"),
        ("呃，提醒我，就是，那个，洗床单", "洗床单"),
        ("我想想，那什么，交报告", "交报告"),
        ("哎呀对了，交报告", "交报告"),
        ("核对了，账单没错", "核对了，账单没错"),
        ("额，查一下公积金余额", "查一下公积金余额"),
        ("小心小心再小心地开车回家", "小心小心再小心地开车回家"),
        ("remind me to call mom, um, after work", "Call mom, after work"),
    ],
)
def test_only_what_was_meant_is_told(text: str, content: str) -> None:
    summary = ask(text).summary_text
    assert summary.rstrip("。.").endswith(content)
    assert summary.removesuffix(content + summary[-1]).endswith(("：", ": "))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("周二，不对，周三下午两点开会", "周三下午两点（3月4日 14:00）开会"),
        ("后天拔智齿，下午三点半", "后天（3月6日 周五）拔智齿，下午三点半（15:30）"),
        ("周六去机场送人，航班是十点", "周六（3月7日）去机场送人，航班是十点（10:00）"),
        ("今晚早点睡，十一点之前", "十一点之前（23:00）"),
        ("春节后去体检", "春节后（2027年2月13日 周六起）去体检"),
        ("3月20号拔牙", "3月20号（周五）拔牙"),
        ("下个月复诊", "下个月（4月）复诊"),
        ("四月去看樱花", "四月去看樱花"),
        ("下周出差", "下周（3月9日至15日）出差"),
        ("每周一例会", "每周一例会"),
        ("下午两点到四点培训", "下午两点到四点（3月4日 周三 14:00–16:00）培训"),
        ("15:30开会", "15:30（3月4日 周三 15:30）开会"),
    ],
)
def test_a_time_is_told_with_what_its_words_leave_open(text: str, told: str) -> None:
    assert told in ask(text).summary_text


def test_another_year_is_named() -> None:
    assert "2027年1月1日" in ask("元旦回婆婆家").summary_text


def test_what_is_called_off_is_told_as_such() -> None:
    assert ask("取消周末自驾，车坏了").summary_text == (
        "出行安排（取消）：取消周末（3月7日至8日）自驾，车坏了。"
    )


def test_a_long_text_is_told_in_part_with_its_facts() -> None:
    summary = ask("明天和王总开会" + "讨论方案" * 200).summary_text
    assert len(summary) < 200
    assert "时间：明天（3月5日 周四）；人物：王总" in summary


def test_an_exclamation_stays_one() -> None:
    assert ask("别忘了买菜！").summary_text.endswith("买菜！")
