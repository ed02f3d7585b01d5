"""What the local engine makes of a sentence."""

import pytest

from tasks_app.inference.contract import TaskType
from tests.unit.local_requests import ask

AIRPORT = "明早七点去机场，记得身份证和充电宝"


def test_the_airport_sentence_is_a_trip_that_lacks_luggage_and_transport() -> None:
    result = ask(AIRPORT)
    assert result.task_type is TaskType.TRIP
    assert result.potential_omissions == ["行李", "交通工具"]


def test_summary_and_plan_speak_of_what_was_said() -> None:
    result = ask(AIRPORT)
    for said in ("出行安排", "明早七点", "3月5日", "机场", "身份证", "充电宝"):
        assert said in result.summary_text
    for said in ("前一晚", "身份证", "充电宝", "行李", "明早七点", "机场"):
        assert said in result.suggested_plan


def test_a_meeting_without_an_hour_is_asked_for_hour_and_place() -> None:
    result = ask("明天开会记得带资料")
    assert result.task_type is TaskType.MEETING
    assert result.potential_omissions[:2] == ["会议时间", "会议地点"]
    assert "会议资料" not in result.potential_omissions
    assert "资料" in result.suggested_plan


@pytest.mark.parametrize(
    ("text", "task_type"),
    [
        ("坐夜里的卧铺去兰州", "trip"),
        ("两点和供应商碰一下", "meeting"),
        ("冰箱里没鸡蛋了", "shopping"),
        ("把周报发给总监", "work"),
        ("挂个骨科的号", "health"),
        ("晚上打羽毛球", "entertainment"),
        ("把作业写完", "learning"),
        ("陪外婆过生日", "social"),
        ("水费该交了", "finance"),
        ("给绿萝浇水", "other"),
        ("pick up some bread", "shopping"),
        ("dentist tomorrow at 9", "health"),
    ],
)
def test_each_type_is_recognised(text: str, task_type: str) -> None:
    assert ask(text).task_type == task_type


@pytest.mark.parametrize("text", ["把毛衣叠好", "把牛奶放进冰箱", "fold the jeans"])
def test_housework_with_things_is_no_shopping(text: str) -> None:
    assert ask(text).task_type == "other"


@pytest.mark.parametrize("text", ["等结果", "想一想这个问题", "免费的"])
def test_a_word_that_ends_like_another_is_no_evidence(text: str) -> None:
    assert ask(text).task_type == "other"


@pytest.mark.parametrize("text", ["嗯，那个", "提醒我一下", "六点半", "qwerty", "……"])
def test_without_evidence_it_abstains_and_says_so(text: str) -> None:
    result = ask(text)
    assert result.task_type is TaskType.OTHER
    assert "看不出" in result.summary_text
    assert "具体事项" in result.potential_omissions


def test_a_word_across_two_words_is_no_evidence() -> None:
    assert ask("他刚离开会所").task_type is not TaskType.MEETING


def test_a_verb_may_be_parted_from_its_object() -> None:
    assert ask("下班理了个发").task_type == ask("下班理发").task_type == "other"
    assert ask("晚上开个会").task_type is TaskType.MEETING


def test_what_is_declined_weighs_less_than_what_is_planned() -> None:
    assert ask("今天不开会了，去爬山").task_type is TaskType.ENTERTAINMENT


def test_what_one_carries_does_not_decide_the_type() -> None:
    assert ask("明天开会带上药和充电器").task_type is TaskType.MEETING


def test_what_one_prepares_for_it_does_not_decide_the_type() -> None:
    assert ask("下周一跟导师开组会，准备汇报PPT").task_type is TaskType.MEETING
    assert ask("下周一准备汇报PPT").task_type is TaskType.WORK


def test_what_is_done_together_counts_for_more_than_with_whom() -> None:
    assert ask("陪孩子去看牙").task_type is TaskType.HEALTH


def test_the_meal_after_which_it_is_done_is_no_dinner_party() -> None:
    assert ask("周六全家一起吃晚饭").task_type is TaskType.SOCIAL
    assert ask("晚饭后吹一下头发").task_type is not TaskType.SOCIAL


def test_what_one_does_where_one_takes_it_is_heard_in_full() -> None:
    taken, alone = ask("带身份证去银行销户"), ask("去银行销户")
    assert taken.task_type is alone.task_type is TaskType.FINANCE
    assert taken.confidence == alone.confidence
    taken, alone = ask("take the kids to the zoo"), ask("go to the zoo")
    assert taken.task_type is alone.task_type is TaskType.ENTERTAINMENT


def test_what_is_done_outweighs_the_company() -> None:
    assert ask("下班跟室友打游戏").task_type is TaskType.ENTERTAINMENT
    assert ask("下班跟室友吃饭").task_type is TaskType.SOCIAL


def test_fillers_and_wake_words_change_nothing() -> None:
    plain = ask("明天下午三点去医院复查")
    spoken = ask("嗯，那个，提醒我明天下午三点去医院复查")
    assert spoken.task_type == plain.task_type
    assert spoken.potential_omissions == plain.potential_omissions
    assert "提醒我" not in spoken.summary_text
    assert "嗯" not in spoken.summary_text


def test_a_taxi_satisfies_the_transport() -> None:
    assert "交通工具" in ask("七点去机场").potential_omissions
    assert "交通工具" not in ask("七点打车去机场").potential_omissions


def test_what_is_not_needed_is_neither_missing_nor_packed() -> None:
    result = ask("七点打车去机场，不用带行李")
    assert "行李" not in result.potential_omissions
    assert "不需要：行李" in result.suggested_plan


def test_not_forgetting_is_no_negation() -> None:
    assert "带好证件" not in ask("七点去机场别忘了身份证").suggested_plan
    assert "备好身份证" in ask("七点去机场别忘了身份证").suggested_plan


def test_a_trip_abroad_needs_more_than_one_at_home() -> None:
    assert {"护照", "签证"} <= set(ask("下周一早上九点飞东京").potential_omissions)
    assert "护照" not in ask("下周一早上九点飞成都").potential_omissions


def test_a_blood_test_asks_about_fasting_unless_it_is_said() -> None:
    assert "空腹要求" in ask("八点去医院抽血").potential_omissions
    assert "空腹要求" not in ask("八点空腹去医院抽血").potential_omissions


def test_at_most_four_omissions_are_named() -> None:
    assert len(ask("去日本旅游").potential_omissions) == 4


def test_without_a_time_the_plan_asks_for_it() -> None:
    assert "还没有说明时间" in ask("去超市买牛奶").suggested_plan
    assert "具体钟点" in ask("周六去超市买牛奶").suggested_plan
    assert "没有说明" not in ask("周六三点去超市买牛奶").suggested_plan


def test_a_time_that_has_passed_is_pointed_out() -> None:
    assert "已经过去" in ask("昨天下午三点开会").suggested_plan


def test_a_deadline_is_planned_as_one() -> None:
    assert "周五前要完成" in ask("周五前把报告发给李经理").suggested_plan


def test_a_long_text_is_quoted_in_part() -> None:
    assert len(ask("明天开会" + "讨论方案" * 200).summary_text) < 200
