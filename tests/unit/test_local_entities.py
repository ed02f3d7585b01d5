"""What the local engine finds named in a text, and where."""

import pytest

from tests.unit.local_requests import insights


def found(text: str) -> set[tuple[str, str]]:
    return {(entity.type, entity.value) for entity in insights(text).extracted_entities}


def test_offsets_are_characters_of_the_text_that_came() -> None:
    text = "😀嗯，明早７点和Anna去北京南站，带身份证、充电宝"
    for entity in insights(text).extracted_entities:
        assert entity.start is not None
        assert text[entity.start : entity.end] == entity.value
    assert {"明早７点", "北京南站", "身份证", "充电宝"} <= {
        value for _, value in found(text)
    }


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("跟李经理过方案", ("person", "李经理")),
        ("约小美看电影", ("person", "小美")),
        ("给奶奶过寿", ("person", "奶奶")),
        ("dinner with Anna on Friday", ("person", "Anna")),
        ("和Lisa喝下午茶", ("person", "Lisa")),
        ("周五 8pm 和 Tom 看 movie", ("person", "Tom")),
        ("call 555-123-4567 about the flat", ("phone", "555-123-4567")),
        ("call (555) 123-4567 tonight", ("phone", "(555) 123-4567")),
        ("下午在301碰头", ("place", "301")),
        ("去协和医院复查", ("place", "协和医院")),
        ("飞成都", ("place", "成都")),
        ("记得带护照", ("item", "护照")),
        ("买牛奶鸡蛋", ("item", "鸡蛋")),
        ("打13812345678找张师傅", ("phone", "13812345678")),
        ("发到ann.lee@example.com", ("email", "ann.lee@example.com")),
    ],
)
def test_it_finds(text: str, entity: tuple[str, str]) -> None:
    assert entity in found(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("交房租两千五", "2500"),
        ("还他三万二", "32000"),
        ("转1,200.50元给房东", "1200.5"),
        ("充一百块话费", "100"),
        ("首付30万", "300000"),
        ("transfer $500 to mom", "500"),
    ],
)
def test_sums_are_plain_numbers(text: str, amount: str) -> None:
    sums = [
        e.normalized for e in insights(text).extracted_entities if e.type == "money"
    ]
    assert sums == [amount]


def test_what_is_declined_is_no_thing_to_bring() -> None:
    assert ("item", "雨伞") not in found("不用带雨伞")


@pytest.mark.parametrize("text", ["小时候住在老家", "再等等看", "太好了谢谢你"])
def test_nobody_is_found_where_nobody_is_named(text: str) -> None:
    assert not [value for kind, value in found(text) if kind == "person"]


def test_a_time_is_normalised() -> None:
    (entity,) = insights("下周三下午两点半").extracted_entities
    assert (entity.type, entity.normalized) == ("time", "2026-03-11T14:30:00+08:00")


@pytest.mark.parametrize("text", ["给Kindle充电", "给Spotify 续费", "跟PM对需求"])
def test_not_every_foreign_word_is_a_person(text: str) -> None:
    assert "person" not in {kind for kind, _ in found(text)}


def test_what_the_segmenter_takes_for_a_place_is_none() -> None:
    assert found("把汤关了，给孩子吃美林") == {("person", "孩子")}
