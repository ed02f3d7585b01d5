"""The plan of the local engine: only of what was said, in the order of doing it."""

import pytest

from tests.unit.local_requests import ask


def plan(text: str) -> str:
    return ask(text).suggested_plan


def test_it_prepares_first_and_then_does() -> None:
    assert plan("明早七点去机场，记得身份证和充电宝") == (
        "今晚备好身份证和充电宝；收拾好行李；定好怎么去；"
        "明早七点（3月5日 周四）去机场，路上留出余量。"
    )


def test_what_is_unsettled_about_the_time_is_asked_first() -> None:
    assert plan("去超市买牛奶").startswith("还没说时间")
    assert plan("周六和小美吃饭").startswith("先定下周六几点")
    assert plan("后天下午坐高铁去苏州").startswith("先定下后天下午几点出发")
    assert plan("下周和小美吃饭").startswith("先定下下周哪一天")
    assert plan("六号到八号去厦门玩").startswith("先定下3月6日 周五几点出发")


@pytest.mark.parametrize(
    "text",
    [
        "周六三点和小美吃饭",
        "周六去超市买牛奶",
        "下班去超市买牛奶",
        "马上去急诊",
        "今晚给妈妈打电话",
        "周末前把作业写完",
        "晚上睡觉前泡脚",
    ],
)
def test_no_time_is_asked_for_that_is_clear_enough(text: str) -> None:
    assert "先定下" not in plan(text)


def test_a_time_that_has_passed_is_pointed_out() -> None:
    assert "已经过去" in plan("昨天下午三点开会")


@pytest.mark.parametrize(
    "text", ["把上周买的裤子退了", "整理上个月的名单", "每天之前", "练字半小时"]
)
def test_a_time_of_a_thing_is_none_of_the_plan(text: str) -> None:
    assert len(plan(text)) > 2
    assert "已经过去" not in plan(text)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("周五前把报告发给李经理", "周五前（3月6日）把报告发给李经理，别拖到最后"),
        ("去驿站取快递，八点关门", "赶在八点（20:00）之前去驿站取快递"),
        ("停车费明天到期", "赶在明天（3月5日 周四）之前办好"),
        ("八号房租到期", "赶在八号（3月8日 周日）之前办好"),
        ("八号房租到期，得转给二房东", "赶在八号（3月8日 周日）之前转给二房东"),
        ("驾照十五号到期，去换证", "赶在十五号（3月15日 周日）之前去换证"),
        ("驾照15号到期了得换证", "赶在15号（3月15日 周日）之前换证"),
        ("身份证年底过期，趁早去补办", "赶在年底（12月31日 周四）之前去补办"),
        ("报名雅思，月底截止", "赶在月底（3月31日 周二）之前办好"),
        ("月底前把述职会开了", "月底前（3月31日 周二）把述职会开了，别拖到最后"),
    ],
)
def test_a_deadline_comes_last_and_is_told_as_one(text: str, step: str) -> None:
    assert plan(text).rstrip("。").endswith(step)


@pytest.mark.parametrize(
    ("text", "last_step"),
    [
        ("周五晚上八点跟小美看电影", "周五晚上八点（3月6日）跟小美看电影"),
        ("钢琴课改到周六下午三点", "周六下午三点（3月7日）钢琴课"),
        ("理发，周日下午三点", "周日下午三点（3月8日）理发"),
        ("下午三点的航班", "下午三点（15:00）的航班，路上留出余量"),
        ("给妈妈打电话，她明天三点下飞机", "明天三点（3月5日 周四 15:00）给妈妈打电话"),
        ("如果明天不下雨就去图书馆还书", "明天（3月5日 周四）去图书馆还书"),
        ("下午的例会推迟到四点", "四点（16:00）例会，提前几分钟准备好"),
        ("周五交周报就行", "周五（3月6日）交周报"),
        ("睡前滴眼药水", "睡前滴眼药水"),
        ("周日三点就诊", "周日三点（3月8日 15:00）就诊"),
        ("周六晚上九点去酒吧", "周六晚上九点（3月7日）去酒吧"),
        ("把箱子放好，明早七点叫我起床", "明早七点（3月5日 周四）起床"),
        ("师傅明天三点来修空调", "师傅明天三点（3月5日 周四 15:00）来修空调"),
        ("胰岛素饭前打", "胰岛素饭前打"),
        ("晚上记得买两斤排骨", "晚上买两斤排骨"),
        (
            "信用卡账单2300，18号前还",
            "18号前（3月18日 周三）还信用卡账单2300，别拖到最后",
        ),
        ("孩子咳嗽，下班去买止咳糖浆", "下班去买止咳糖浆"),
        ("取消周六的体检，改到下周六", "下周六（3月14日）体检"),
        ("明天不开会了改周五下午三点", "周五下午三点（3月6日）开会，提前几分钟准备好"),
        ("周末前要是不下雨就去爬山，周六三点", "周六三点（3月7日 15:00）去爬山"),
        ("感冒药一天三次", "一天三次感冒药，可以设成固定提醒"),
        ("去相亲，周六下午两点星巴克", "周六下午两点（3月7日）去相亲"),
        ("明天十二点开售，抢五月天的票", "明天十二点（3月5日 周四 12:00）抢五月天的票"),
        ("把PPT发给客户，tomorrow 3pm", "3月5日 周四 15:00把PPT发给客户"),
        ("明早七点出门，十点的飞机", "明早七点（3月5日 周四）出门，路上留出余量"),
        ("周日上午十点的瑜伽课改到下午四点", "下午四点（3月8日 周日）瑜伽课"),
        (
            "开会时间是明天三点，不对，是四点",
            "四点（3月5日 周四 16:00）开会时间，提前几分钟准备好",
        ),
        ("三点的会推迟半小时", "15:30提前几分钟准备好"),
        ("周五三点的面试延后两天", "15:00（3月8日 周日）面试，提前几分钟准备好"),
        ("明早七点不跑了改去游泳", "明早七点（3月5日 周四）去游泳"),
        ("今晚八点不打球了，改去看电影", "今晚八点（20:00）去看电影"),
        ("护照快过期了，出国前得换", "出国前换护照"),
        ("明天九点到十一点停水，今晚接两桶", "今晚接两桶"),
        (
            "病历找出来，周六上午九点社区医院",
            "周六上午九点（3月7日）社区医院",
        ),
        (
            "后天一早坐六点四十的动车去洛阳",
            "坐六点四十（3月6日 周五 06:40）的动车去洛阳，路上留出余量",
        ),
        ("春运票二十号早上八点开售，抢两张", "二十号早上八点（3月20日 周五）抢两张"),
        (
            "新办公室的门禁卡周五前去行政领",
            "新办公室的门禁卡周五前（3月6日）去行政领，别拖到最后",
        ),
        ("十一点前睡觉", "十一点前（23:00）睡觉"),
        ("后天轮到我做分享", "后天（3月6日 周五）做分享"),
        (
            "下周一开始每天早起跑五公里",
            "下周一开始每天早起跑五公里，可以设成固定提醒",
        ),
        ("后天降温，把厚被子找出来", "后天（3月6日 周五）把厚被子找出来"),
        ("周五想换个扫地机", "周五（3月6日）换个扫地机"),
        ("🙏🙏明早九点吃药", "明早九点（3月5日 周四）吃药"),
    ],
)
def test_the_last_step_is_the_deed_in_the_words_of_the_text(
    text: str, last_step: str
) -> None:
    assert plan(text).split("；")[-1].rstrip("。") == last_step


@pytest.mark.parametrize(
    ("text", "undone"),
    [
        ("取消周末自驾，车坏了", "已经订了的票和住处，看看能不能退。"),
        ("车坏了，周末自驾取消", "已经订了的票和住处，看看能不能退。"),
        ("不去青岛了，把酒店退了", "把酒店退了。"),
        ("不去同学会了，跟班长说一声", "跟班长说一声。"),
        ("不用买酱油了，家里还有", "从购物清单里划掉。"),
        ("机票退了，不去海南", "机票退了。"),
        ("把明天的评审会取消掉", "从日程里划掉，需要的话通知参会的人。"),
        ("今晚不跟小美吃饭了，她加班", "从日程里划掉，跟约好的人说一声。"),
    ],
)
def test_of_what_is_called_off_only_the_undoing_is_left(text: str, undone: str) -> None:
    assert plan(text) == undone


def test_a_plan_that_is_put_off_counts_at_its_new_time() -> None:
    assert "先定下周五几点" in plan("把周四的聚餐改到周五")


def test_the_hour_that_is_kept_is_neither_made_up_nor_asked_for() -> None:
    told = plan("把周五的牙医改到下周一同一时间")
    assert "10:00" not in told
    assert "几点" not in told


def test_a_day_within_a_month_is_the_time_of_the_plan() -> None:
    assert "4月20日" in ask("下个月信用卡20号还款").summary_text
    assert "先定下下个月" not in plan("下个月信用卡20号还款")


def test_the_day_that_is_open_is_asked_for_with_the_deed() -> None:
    assert plan("周末买点营养土").startswith("先定下周末哪一天买点营养土；")


def test_by_how_much_it_is_put_off_is_told_where_its_old_time_is_not() -> None:
    assert plan("会推迟半小时").startswith("把日程里原来的时间推后半小时；")
    assert "later than planned" in plan("the review is delayed by 2 hours")


def test_what_has_run_out_is_bought_not_called_off() -> None:
    result = ask("家里没有卫生纸了")
    assert "（取消）" not in result.summary_text
    assert "定好买多少" in result.suggested_plan


def test_neighbours_that_begin_alike_are_one_step() -> None:
    assert "带上身份证和银行卡" in plan("去银行柜台取钱")


@pytest.mark.parametrize("text", ["记得去超市买纸巾和洗衣液", "记得打印三份简历"])
def test_what_is_still_to_be_got_is_not_packed_before(text: str) -> None:
    assert "提前备好" not in plan(text)


def test_what_stands_before_the_verb_is_brought_too() -> None:
    assert "备好帐篷和睡袋" in plan("周末露营，帐篷和睡袋都带上")


def test_several_days_in_another_language_are_told_as_such() -> None:
    assert "先定下3月7日至8日哪一天" in plan("weekend 去 IKEA 买个书架")


def test_what_may_not_be_brought_is_not_laid_out() -> None:
    assert "手机" not in plan("明天考试，不能带手机")


def test_what_is_named_to_be_denied_counts_for_nothing() -> None:
    assert "先定下后天几点" in plan("不是明天，是后天开会")
    assert "明天" in plan("是不是明天，是的话带伞")
