"""What the local engine makes of a sentence."""

import pytest

from tasks_app.inference.contract import TaskType
from tests.unit.local_requests import ask

AIRPORT = "明早七点去机场，记得身份证和充电宝"


def test_the_airport_sentence_is_a_trip_that_lacks_luggage_and_transport() -> None:
    result = ask(AIRPORT)
    assert result.task_type is TaskType.TRIP
    assert result.potential_omissions == ["行李", "交通工具"]


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


@pytest.mark.parametrize(
    ("text", "task_type"),
    [
        ("面试前把衬衫熨一下", "other"),
        ("开会的时候把手机静音", "other"),
    ],
)
def test_what_only_tells_when_is_not_the_plan(text: str, task_type: str) -> None:
    assert ask(text).task_type == task_type


def test_photos_that_are_taken_are_not_taken_along() -> None:
    text = "take photos of the new products for the client report"
    assert ask(text).task_type == "work"


@pytest.mark.parametrize("text", ["把毛衣叠好", "把牛奶放进冰箱", "fold the jeans"])
def test_housework_with_things_is_no_shopping(text: str) -> None:
    assert ask(text).task_type == "other"


@pytest.mark.parametrize("text", ["等结果", "想一想这个问题", "免费的"])
def test_a_word_that_ends_like_another_is_no_evidence(text: str) -> None:
    assert ask(text).task_type == "other"


@pytest.mark.parametrize("text", ["嗯，那个", "提醒我一下", "六点半", "……"])
def test_without_evidence_it_abstains_and_says_so(text: str) -> None:
    result = ask(text)
    assert result.task_type is TaskType.OTHER
    assert "看不出" in result.summary_text
    assert "具体事项" in result.potential_omissions


def test_what_is_clear_is_not_asked_for_though_its_type_is_not() -> None:
    result = ask("去故宫，提前预约")
    assert "看不出" in result.summary_text
    assert "具体事项" not in result.potential_omissions


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


@pytest.mark.parametrize(
    ("text", "task_type"),
    [
        ("体检完以后去买菜", "shopping"),
        ("打完球后买两瓶水", "shopping"),
        ("爬山前一天把防晒买好", "shopping"),
        ("开会前把快递寄了", "other"),
    ],
)
def test_what_comes_before_or_after_it_is_only_its_time(
    text: str, task_type: str
) -> None:
    assert ask(text).task_type == task_type


def test_a_day_that_begins_like_after_is_not_after_it() -> None:
    assert ask("开会后天上午十点").confidence == ask("后天上午十点开会").confidence


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


def test_what_is_not_needed_is_not_missing() -> None:
    result = ask("七点打车去机场，不用带行李")
    assert "行李" not in result.potential_omissions
    assert "行李" not in result.suggested_plan


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


@pytest.mark.parametrize(
    ("text", "task_type"),
    [
        ("取消周三下午的项目复盘会", "meeting"),
        ("明天十点的晨会取消了", "meeting"),
        ("取消明天去青岛的机票", "trip"),
        ("不用浇花了，昨天浇过", "other"),
        ("不用交水费了，房东交", "finance"),
    ],
)
def test_what_is_called_off_needs_nothing(text: str, task_type: str) -> None:
    result = ask(text)
    assert result.task_type == task_type
    assert result.potential_omissions == []
    assert "（取消）：" in result.summary_text
    assert "先定" not in result.suggested_plan


@pytest.mark.parametrize(
    "text",
    [
        "不用准备PPT，明天上午开个短会",
        "不去爬山了，改去看展",
        "不去爬山了去游泳",
        "不跑了改去游泳",
        "下周一例会别迟到",
    ],
)
def test_a_plan_with_something_declined_stays_a_plan(text: str) -> None:
    assert "（取消）" not in ask(text).summary_text


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("买两斤排骨", "数量"),
        ("买条鱼", "数量"),
        ("去商场挑件羽绒服，不超过一千", "预算"),
        ("把大衣退货", "尺码"),
        ("每天早晚各吃一片降压药", "用药剂量"),
        ("后天体检，今晚不能吃东西", "空腹要求"),
        ("充话费一百", "金额"),
        ("下周三考科目二", "准考证"),
        ("明天接机，我姐从多伦多回来", "护照"),
        ("周六去表妹家暖房", "地点"),
        ("每两小时站起来活动一下", "具体时间"),
        ("追剧，最后一集了", "地点"),
        ("送爸妈去机场，周日早上六点", "行李"),
        ("七点半去虹桥火车站接我表弟", "证件"),
        ("周末去宜家看看沙发", "数量"),
        ("下班去超市买牛奶", "预算"),
        ("明天是老婆生日，订个蛋糕", "地点"),
        ("辅导孩子写作业", "上课地点"),
        ("查一下考研成绩", "准考证"),
        ("给爷爷拿降压药", "用药剂量"),
        ("催一下财务付款", "付款方式"),
        ("遛狗，带塑料袋", "拾便袋"),
        ("体检报告周四出，记得去拿", "空腹要求"),
        ("下午四点半去幼儿园接妞妞", "参加人员"),
        ("网课还剩三节，周六刷完", "上课时间"),
        ("下周三和室友吃饭", "参加人员"),
        ("期末卷子周五前批完", "考场地点"),
        ("父亲节给我爸挑个剃须刀", "地点"),
    ],
)
def test_what_is_said_or_makes_no_sense_is_not_missing(text: str, settled: str) -> None:
    assert settled not in ask(text).potential_omissions


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("下雨的话就坐地铁去机场", "雨具"),
        ("周六带两个孩子去动物园", "孩子用品"),
        ("清明节去扫墓", "祭品"),
        ("周日三点去泡温泉", "泳衣"),
        ("把大衣退货", "购物凭证"),
    ],
)
def test_conditions_ask_for_what_goes_with_them(text: str, missing: str) -> None:
    assert missing in ask(text).potential_omissions


@pytest.mark.parametrize("text", ["12345", "12306", "✈️🧳", "？！"])
def test_without_a_word_it_abstains(text: str) -> None:
    result = ask(text)
    assert result.task_type == "other"
    assert result.summary_text.startswith("还看不出")


def test_a_passport_that_runs_out_is_no_journey() -> None:
    assert "行李" not in ask("护照下个月到期，去换新的").potential_omissions
    assert "Luggage" not in ask("I need to renew my passport").potential_omissions
    errand = ask("护照快过期了，出国前得换")
    assert errand.task_type == "other"
    assert not {"签证", "行李", "目的地"} & set(errand.potential_omissions)


def test_who_moves_a_meeting_has_to_tell_the_others() -> None:
    missing = ask("三点的会改到四点").potential_omissions
    assert missing == ["通知参会人"]
    assert "通知参会人" not in ask("例会推迟半小时，通知大家").potential_omissions


def test_who_phones_the_bank_takes_nothing_there() -> None:
    assert "银行卡" not in ask("给银行打电话").potential_omissions
    assert "银行卡" in ask("明天去银行").potential_omissions


def test_what_the_doctor_said_is_no_appointment() -> None:
    missing = ask("doctor said take the pills twice a day").potential_omissions
    assert not {"Appointment", "Insurance card"} & set(missing)
