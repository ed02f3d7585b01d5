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
    assert "具体钟点" in ask("周六和小美吃饭").suggested_plan
    assert "没有说明" not in ask("周六三点和小美吃饭").suggested_plan
    assert "具体日期" in ask("下周和小美吃饭").suggested_plan
    assert "没有说明" not in ask("周六去超市买牛奶").suggested_plan


def test_a_time_that_has_passed_is_pointed_out() -> None:
    assert "已经过去" in ask("昨天下午三点开会").suggested_plan


def test_a_deadline_is_planned_as_one() -> None:
    assert ask("周五前把报告发给李经理").suggested_plan.startswith(
        "周五前（3月6日 周五）把报告发给李经理，留出余量"
    )
    assert "赶在八点" in ask("去驿站取快递，八点关门").suggested_plan


def test_a_long_text_is_quoted_in_part() -> None:
    assert len(ask("明天开会" + "讨论方案" * 200).summary_text) < 200


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("嗯那个帮我记一下，周五晚上去三亚", "周五晚上去三亚"),
        ("小艺小艺，明天六点半起床", "明天六点半起床"),
        ("呃，买，买那个，买个充电器", "买个充电器"),
        ("呃，提醒我，就是，那个，洗床单", "洗床单"),
        ("周二，不对，周三下午两点开会", "周三下午两点开会"),
        ("我想想，明天，那什么，交报告", "明天，交报告"),
        ("哎呀对了，后天交报告", "后天交报告"),
        ("核对了，账单没错", "核对了，账单没错"),
        ("颜色不对，三点去换货", "颜色不对，三点去换货"),
        ("小心小心再小心地开车回家", "小心小心再小心地开车回家"),
        ("remind me to call mom, um, tonight", "call mom, tonight"),
    ],
)
def test_only_what_was_meant_is_quoted(text: str, content: str) -> None:
    assert f"：“{content}”。" in ask(text).summary_text


@pytest.mark.parametrize(
    ("text", "last_step"),
    [
        ("周五晚上八点跟小美看电影", "周五晚上八点（3月6日 周五）跟小美看电影"),
        ("钢琴课改到周六下午三点", "周六下午三点（3月7日 周六）钢琴课"),
        ("理发，周日下午三点", "周日下午三点（3月8日 周日）理发"),
        ("下午三点的航班", "下午三点（15:00）的航班，路上留出余量"),
        ("给妈妈打电话，她明天三点下飞机", "明天三点（3月5日 周四）给妈妈打电话"),
        ("如果明天不下雨就去图书馆还书", "明天（3月5日 周四）去图书馆还书"),
        ("下午的例会推迟到四点", "四点（16:00）下午的例会，提前几分钟准备好"),
        ("周五交周报就行", "周五（3月6日 周五）交周报"),
        ("睡前滴眼药水", "睡前滴眼药水"),
        ("周日三点就诊", "周日三点（3月8日 周日）就诊"),
        ("周六晚上九点去酒吧", "周六晚上九点（3月7日 周六）去酒吧"),
        ("把箱子放好，明早七点叫我起床", "明早七点（3月5日 周四）叫我起床"),
        ("dinner with Anna on Friday at 7", "3月6日 周五 19:00 dinner with Anna"),
    ],
)
def test_the_last_step_is_the_deed_in_the_words_of_the_text(
    text: str, last_step: str
) -> None:
    assert ask(text).suggested_plan.split("；")[-1].rstrip("。") == last_step


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("后天拔智齿，下午三点半", "3月6日 周五 15:30"),
        ("周六去机场送人，航班是十点", "3月7日 周六 10:00"),
        ("今晚早点睡，十一点之前", "3月4日 周三 23:00"),
        ("catch the 9am flight to Tokyo on Friday", "3月6日 周五 09:00"),
    ],
)
def test_an_hour_belongs_to_the_day_that_is_named(text: str, moment: str) -> None:
    assert moment in ask(text).summary_text


def test_what_is_for_after_a_holiday_has_a_beginning_and_no_end() -> None:
    assert "春节后（2月13日 周六起）" in ask("春节后去体检").summary_text


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
    assert "取消或不用做" in result.summary_text
    assert "具体" not in result.suggested_plan


@pytest.mark.parametrize(
    "text",
    ["不用准备PPT，明天上午开个短会", "不去爬山了，改去看展", "下周一例会别迟到"],
)
def test_a_plan_with_something_declined_stays_a_plan(text: str) -> None:
    assert "取消或不用做" not in ask(text).summary_text


def test_a_plan_that_is_put_off_counts_at_its_new_time() -> None:
    assert "周五的具体钟点" in ask("把周四的聚餐改到周五").suggested_plan


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


def test_what_is_bought_is_not_packed_before() -> None:
    assert "备好" not in ask("记得去超市买纸巾和洗衣液").suggested_plan


def test_what_stands_before_the_verb_is_brought_too() -> None:
    assert "备好帐篷、睡袋" in ask("周末露营，帐篷和睡袋都带上").suggested_plan


@pytest.mark.parametrize(
    "text", ["饭后吃两粒消炎药", "每天之前", "练字半小时", "整理上个月的名单"]
)
def test_no_plan_is_empty(text: str) -> None:
    assert len(ask(text).suggested_plan) > 2
    assert "已经过去" not in ask(text).suggested_plan
