"""Events and results as staff read them."""

import pytest

from tasks_app.admin.tasks.detail.documents import (
    Fact,
    Table,
    lay_out_event,
    lay_out_result,
    shown,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("文", "文"),
        (None, "—"),
        (True, "是"),
        (17.25, "17.25"),
        (0.1 + 0.2, "0.3"),
        (["a", 1, None], "a、1、—"),
        ({"label": "calm", "score": 0.8}, "label calm；score 0.8"),
        ([["a"]], '[["a"]]'),
        ({"文": {}}, '{"文": {}}'),
        ([], "[]"),
    ],
)
def test_a_value_is_shown_as_people_read_it(value: object, text: str) -> None:
    assert shown(value) == text


def test_known_fields_have_names_and_further_ones_their_own() -> None:
    event = lay_out_event(
        {
            "confidence": 0.914,
            "start_time": "2026-07-20T21:03:11.250+08:00",
            "audio_features": {"snr_db": 17.2, "noise": "street"},
            "device": "glasses",
        }
    )
    start = Fact("说话开始", "2026-07-20 21:03:11")
    assert event.facts == [start, Fact("置信度", "91%")]
    assert event.audio == [Fact("信噪比（dB）", "17.2"), Fact("noise", "street")]
    assert event.further == [Fact("device", "glasses")]


def test_speakers_are_a_table_of_the_columns_that_some_have() -> None:
    speakers = [
        {"speaker_id": "s1", "is_user": True},
        {"speaker_id": "s2", "distance_m": 1.5, "speaker_label": None},
    ]
    assert lay_out_event({"speakers": speakers}).speakers == Table(
        ["佩戴者", "标识", "distance_m"], [["是", "s1", ""], ["", "s2", "1.5"]]
    )


def test_entities_have_their_normalised_values_for_people() -> None:
    entities = [
        {
            "type": "time",
            "value": "明早七点",
            "start": 0,
            "end": 4,
            "normalized": "2026-11-26T07:00:00+08:00",
        }
    ]
    assert lay_out_result({"extracted_entities": entities}).entities == Table(
        ["类型", "原文", "规范值"], [["时间", "明早七点", "2026-11-26 07:00"]]
    )
