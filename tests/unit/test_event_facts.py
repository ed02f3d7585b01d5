"""What can be read off an event is computed, not guessed."""

import pytest

from tasks_app.inference.contract import Entity
from tasks_app.inference.event_facts import (
    audio_quality,
    event_analysis,
    speaker_insights,
    tags_with_given,
    with_given_entities,
)
from tasks_app.protocol.events import Event


def event(**fields: object) -> Event:
    return Event.model_validate(fields)


def test_an_empty_event_claims_nothing() -> None:
    facts = event_analysis(event(), "买牛奶")
    assert facts.model_dump(exclude_none=True) == {
        "has_speakers": False,
        "speaker_count": 0,
        "has_audio_features": False,
        "contains_pii": False,
    }
    assert speaker_insights(event()) is None
    assert audio_quality(event()) is None


def test_a_speaker_of_several_segments_is_one_person() -> None:
    speakers = [
        {"speaker_id": "a", "speaker_label": "同事"},
        {"speaker_id": "b", "speaker_label": "我", "is_user": True},
        {"speaker_id": "a", "speaker_label": "同事"},
        {},
    ]
    talk = event(speakers=speakers)
    assert event_analysis(talk, "x").speaker_count == 3
    insights = speaker_insights(talk)
    assert insights is not None
    assert (insights.total_speakers, insights.user_speakers) == (3, 1)
    assert insights.multi_speaker
    assert insights.primary_speaker == "我"


def test_without_the_user_the_best_recognised_speaker_is_primary() -> None:
    speakers = [
        {"speaker_id": "a", "speaker_confidence": 0.4},
        {"speaker_id": "b", "speaker_confidence": 0.9},
        {"speaker_id": "c"},
    ]
    insights = speaker_insights(event(speakers=speakers))
    assert insights is not None
    assert insights.primary_speaker == "b"


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"start_offset_sec": 1.25, "end_offset_sec": 4.5}, 3.25),
        (
            {
                "start_time": "2026-03-02T09:00:00+08:00",
                "end_time": "2026-03-02T09:00:05+08:00",
            },
            5,
        ),
        (
            {
                "start_offset_sec": 9,
                "end_offset_sec": 4,
                "start_time": "2026-03-02T09:00:00",
                "end_time": "2026-03-02T09:00:02",
            },
            2,
        ),
        (
            {
                "start_time": "2026-03-02T09:00:00",
                "end_time": "2026-03-02T09:00:02+08:00",
            },
            None,
        ),
        ({"start_offset_sec": 1}, None),
        ({"start_offset_sec": -1e308, "end_offset_sec": 1e308}, None),
        ({"start_offset_sec": 5, "end_offset_sec": 1}, None),
    ],
)
def test_the_duration_is_measured_where_it_can_be(
    fields: dict[str, object], seconds: float | None
) -> None:
    assert event_analysis(event(**fields), "x").event_duration_sec == seconds


@pytest.mark.parametrize(
    ("text", "privacy", "expected"),
    [
        ("打给13812345678", None, True),
        ("打给+86 138-1234-5678", None, True),
        ("座机010-62345678", None, True),
        ("身份证11010519491231002X", None, True),
        ("卡号6222020200012345678", None, True),
        ("发到li.lei@example.com", None, True),
        ("订单号2026030200000001234567", None, False),
        ("买牛奶", {"contains_pii": True}, True),
        ("买牛奶", {"pii_types": ["phone"]}, True),
        ("买牛奶", {"contains_pii": False, "pii_types": []}, False),
    ],
)
def test_personal_data_is_declared_or_found(
    text: str, privacy: object, expected: bool
) -> None:
    assert event_analysis(event(privacy=privacy), text).contains_pii is expected


@pytest.mark.parametrize(
    ("features", "quality"),
    [
        ({"asr_confidence": 0.95, "snr_db": 25}, "good"),
        ({"asr_confidence": 0.95}, "good"),
        ({"asr_confidence": 0.7, "snr_db": 25}, "fair"),
        ({"asr_confidence": 0.95, "snr_db": 5}, "poor"),
        ({"asr_confidence": 0.3, "snr_db": 30}, "poor"),
        ({"language": "zh"}, "fair"),
    ],
)
def test_the_worst_measurement_decides_the_audio_quality(
    features: dict[str, object], quality: str
) -> None:
    assessed = audio_quality(event(audio_features=features))
    assert assessed is not None
    assert assessed.overall_quality == quality
    assert assessed.model_dump(exclude_none=True, exclude={"overall_quality"}) == (
        features
    )


def test_given_entities_come_first_and_are_kept_as_they_are() -> None:
    given = [
        {"type": "place", "value": "虹桥"},
        {"type": "document", "value": "身份证", "confidence": 0.5},
        {"value": "明早", "start": 99},
        {"type": "item", "value": " "},
    ]
    found = [
        Entity(type="time", value="明早", start=0, end=2, normalized="2026-03-03"),
        Entity(type="item", value="身份证", confidence=0.9, start=3, end=6),
        Entity(type="item", value="充电宝", start=7, end=10),
    ]
    entities = with_given_entities(found, event(entities=given), "明早带身份证和充电宝")
    assert [tuple(entity.model_dump().values()) for entity in entities] == [
        ("place", "虹桥", None, None, None, None),
        ("document", "身份证", 0.5, 3, 6, None),
        ("time", "明早", None, 0, 2, "2026-03-03"),
        ("item", "充电宝", None, 7, 10, None),
    ]


def test_tags_are_the_events_own_first_and_each_once() -> None:
    tags = tags_with_given(["出行", "早起", " "], event(tags=["早起", "早起 ", ""]))
    assert tags == ["早起", "出行"]


def test_what_a_given_entity_was_normalised_to_is_kept() -> None:
    given = [
        {"value": "机场", "normalized": "PEK"},
        {"value": "明早", "normalized": 7},
    ]
    found = [
        Entity(type="place", value="机场", normalized="SHA"),
        Entity(type="time", value="明早", normalized="2026-03-05"),
    ]
    entities = with_given_entities(found, event(entities=given), "明早去机场")
    assert [entity.normalized for entity in entities] == ["PEK", "2026-03-05"]
