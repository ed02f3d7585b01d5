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
    assert shortly.startswith("3月5日 周四 05:00")


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
    assert insights("去超市买牛奶").reminder_suggestions == ["补充时间后即可设置提醒"]
