"""What the local engine adds when an event comes with the text."""

import pytest

from tests.unit.local_requests import ask, insights

CALM = {"speech_rate_wpm": 150, "avg_volume_db": -25, "asr_confidence": 0.9}
HASTY = {"speech_rate_wpm": 260, "avg_volume_db": -8, "asr_confidence": 0.9}
UNCLEAR = HASTY | {"asr_confidence": 0.3}


def test_a_text_alone_has_no_insights() -> None:
    assert ask("明天开会").insights is None


def test_given_entities_and_tags_are_kept() -> None:
    result = insights(
        "明天和小王去公司",
        entities=[{"type": "vip", "value": "小王", "confidence": 0.4}],
        tags=["重点"],
    )
    assert result.suggested_tags[0] == "重点"
    (given,) = [e for e in result.extracted_entities if e.value == "小王"]
    assert (given.type, given.confidence, given.start) == ("vip", 0.4, 3)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("明早七点去机场", "high"),
        ("十分钟后开会", "high"),
        ("今晚看电影", "medium"),
        ("务必马上把合同发给客户", "high"),
        ("下个月去体检", "low"),
        ("去超市买牛奶", "low"),
        ("明晚有空的话看看书", "low"),
    ],
)
def test_priority_says_how_soon_and_how_much(text: str, level: str) -> None:
    assert insights(text).priority_level == level


def test_haste_in_the_voice_raises_the_priority_by_one_level() -> None:
    text = "今晚看电影"
    assert insights(text, audio_features=CALM).priority_level == "medium"
    assert insights(text, audio_features=HASTY).priority_level == "high"


def test_the_voice_never_decides_alone() -> None:
    assert insights("买牛奶", audio_features=HASTY).priority_level == "low"


def test_a_voice_that_was_not_understood_moves_nothing() -> None:
    assert insights("今晚看电影", audio_features=UNCLEAR).priority_level == "medium"


def test_a_tense_speaker_counts_as_haste() -> None:
    assert insights("今晚看电影", emotion="Anxious").priority_level == "high"
    assert insights("今晚看电影", emotion={"label": 1}).priority_level == "medium"


def test_reminders_come_before_the_moment_and_name_what_to_prepare() -> None:
    evening, shortly = insights("明早七点去机场，记得身份证").reminder_suggestions
    assert evening.startswith("3月4日 周三 21:00")
    assert "身份证" in evening
    assert shortly.startswith("3月5日 周四 06:00")


def test_no_reminder_is_proposed_for_the_past() -> None:
    assert insights("昨天三点开会").reminder_suggestions == []
    (only,) = insights("五分钟后开会，带资料").reminder_suggestions
    assert only.startswith("3月4日 周三 10:05")


def test_a_repetition_and_a_deadline_are_reminded_as_such() -> None:
    (again,) = insights("每天晚上十点吃药").reminder_suggestions
    assert "每天晚上十点" in again
    (before,) = insights("周五前交报告").reminder_suggestions
    assert before.startswith("3月5日 周四 09:00")


def test_without_a_time_no_reminder_is_made_up() -> None:
    assert insights("去超市买牛奶").reminder_suggestions == ["定好时间后即可设置提醒"]


@pytest.mark.parametrize(
    ("features", "factor"),
    [
        ({"asr_confidence": 0.95, "snr_db": 25}, 1),
        ({"asr_confidence": 0.7}, 0.9),
        ({"asr_confidence": 0.3, "snr_db": 25}, 0.7),
        ({"asr_confidence": 0.95, "snr_db": 3}, 0.7),
        ({"language": "zh"}, 1),
    ],
)
def test_a_poor_recording_lowers_the_confidence_and_is_told(
    features: dict[str, object], factor: float
) -> None:
    text = "明早七点去机场"
    plain, heard = ask(text), ask(text, audio_features=features)
    assert heard.confidence == pytest.approx(plain.confidence * factor, abs=0.006)
    assert ("请核对原话" in heard.summary_text) is (factor == 0.7)
    assert heard.insights is not None
    quality = heard.insights.audio_quality_assessment
    assert quality is not None
    assert (quality.overall_quality == "poor") is (factor == 0.7)


def test_only_things_are_laid_out_the_evening_before() -> None:
    (evening, *_) = insights("周五下午去超市，带购物袋").reminder_suggestions
    assert evening.endswith("备好：购物袋")
    assert "备好" not in str(insights("周五和小美吃饭").reminder_suggestions)


def test_reminders_say_the_deed() -> None:
    (only,) = insights("今晚八点跟小美看电影").reminder_suggestions
    assert only.endswith("：跟小美看电影")
    (vague,) = insights("睡前滴眼药水").reminder_suggestions
    assert vague == "睡前提醒：滴眼药水"
    (now,) = insights("马上关火").reminder_suggestions
    assert now == "现在提醒：关火"


def test_what_is_called_off_is_not_reminded_of() -> None:
    assert insights("取消周六的剧本杀").reminder_suggestions == []


def test_a_stretch_that_has_begun_counts_by_its_end() -> None:
    assert insights("查一下这个月的账单").priority_level == "low"
    assert insights("三天内把那件大衣退货").priority_level == "medium"


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("后天体检，今晚不能吃东西", "place", "东西"),
        ("参加大学室友的婚礼", "place", "大学"),
        ("把测试报告补一下", "person", "测试"),
        ("雷阵雨，出门带伞", "person", "雷阵雨"),
        ("别买西瓜了", "place", "西瓜"),
        ("带老人去公园", "item", "老人"),
        ("给绿萝浇水", "item", "水"),
    ],
)
def test_a_word_that_only_looks_like_one_is_no_entity(
    text: str, kind: str, value: str
) -> None:
    found = {
        (entity.type, entity.value) for entity in insights(text).extracted_entities
    }
    assert (kind, value) not in found


@pytest.mark.parametrize(
    ("text", "reminder"),
    [
        ("明天早上六点叫我起床", "3月5日 周四 06:00 提醒：起床"),
        ("晚上十点关空调", "3月4日 周三 22:00 提醒：关空调"),
        ("周六上午九点考英语六级", "3月7日 周六 07:30（提前1小时30分钟）提醒"),
        ("后天早上六点的航班", "3月6日 周五 03:00（提前3小时）提醒"),
        ("明天十二点抢票", "3月5日 周四 11:50（提前10分钟）提醒"),
        ("今天下班前回复客户邮件", "3月4日 周三 16:00 提醒"),
        ("晚上睡觉前泡脚", "3月4日 周三 21:00 提醒：泡脚"),
        ("下个月去西藏", "3月31日 周二 09:00 提醒：定下哪天去西藏"),
        ("停车费明天到期", "3月5日 周四 09:00 提醒：停车费（明天截止）"),
    ],
)
def test_a_reminder_comes_when_it_is_of_use(text: str, reminder: str) -> None:
    assert insights(text).reminder_suggestions[-1].startswith(reminder)


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("明早七点出门，十点的飞机", "提前30分钟"),
        ("明早十点的飞机，七点出门", "提前3小时"),
        ("明天飞成都，下午三点", "提前3小时"),
    ],
)
def test_how_long_before_goes_by_what_is_done_at_that_hour(
    text: str, lead: str
) -> None:
    assert lead in insights(text).reminder_suggestions[-1]
