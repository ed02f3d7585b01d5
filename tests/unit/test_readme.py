"""The README has every setting, and its Chinese twin says the same."""

import re

import pytest
from django.conf import settings

ENGLISH = (settings.BASE_DIR / "README.md").read_text()
CHINESE = (settings.BASE_DIR / "README.zh-CN.md").read_text()
TO_CHINESE = "English | [简体中文](README.zh-CN.md)"
TO_ENGLISH = "[English](README.md) | 简体中文"

BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"(?<=\s)# .*")
HEADING = re.compile(r"^(#+) (.*)", re.MULTILINE)
SETTING = re.compile(r"^\| `([A-Z_]+)` \| (.*?) \|", re.MULTILINE)
LINK = re.compile(r"(!?)\[[^]]*\]\(([^)]*)\)")
NAME = re.compile(r"`[^`]+`|<kbd>.*?</kbd>")
NUMBER = re.compile(r"\d+(?:[,.]\d+)*")
LINE_OF_ITS_OWN = re.compile(r"^(?:\||- )", re.MULTILINE)

DEFAULTS_IN_CHINESE = {
    "none": "无",
    "off": "关",
    "SQLite in the data directory": "数据目录中的 SQLite",
    "the embedded Valkey": "内嵌的 Valkey",
    "made in the data directory": "在数据目录中生成",
    "loopback at `PORT`": "本机回环地址的 `PORT` 端口",
    "`0`; in production `1`": "`0`；生产环境为 `1`",
}


def prose(text: str) -> str:
    for switch in (TO_CHINESE, TO_ENGLISH):
        text = text.replace(switch, "")
    return BLOCK.sub("", text)


def sections(text: str) -> list[str]:
    """What stands under each heading."""
    return HEADING.split(prose(text))[3::3]


def levels(text: str) -> list[str]:
    return [mark for mark, _ in HEADING.findall(prose(text))]


def code(text: str) -> list[str]:
    """The code blocks; of their comments, only that they are there."""
    return [COMMENT.sub("#", block) for block in BLOCK.findall(text)]


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(NAME.sub("", text)))


SECTIONS = [
    pytest.param(english, chinese, id=title)
    for (_, title), english, chinese in zip(
        HEADING.findall(prose(ENGLISH)),
        sections(ENGLISH),
        sections(CHINESE),
        strict=False,
    )
]


def test_every_setting_is_documented_and_no_other() -> None:
    modules = (settings.BASE_DIR / "pulseweave" / "settings").glob("*.py")
    source = "".join(module.read_text() for module in modules)
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', source))
    assert read == {name for name, _ in SETTING.findall(ENGLISH)}


def test_each_leads_to_the_other() -> None:
    assert ENGLISH.splitlines()[2] == TO_CHINESE
    assert CHINESE.splitlines()[2] == TO_ENGLISH


def test_the_twins_have_the_same_headings() -> None:
    assert levels(CHINESE) == levels(ENGLISH)


def test_the_twins_have_the_same_code() -> None:
    assert code(CHINESE) == code(ENGLISH)


def test_the_twins_have_the_same_settings_with_the_same_defaults() -> None:
    assert SETTING.findall(CHINESE) == [
        (name, DEFAULTS_IN_CHINESE.get(default, default))
        for name, default in SETTING.findall(ENGLISH)
    ]


@pytest.mark.parametrize(("english", "chinese"), SECTIONS)
def test_the_twins_have_the_same_links_and_pictures(english: str, chinese: str) -> None:
    assert LINK.findall(chinese) == LINK.findall(english)


@pytest.mark.parametrize(("english", "chinese"), SECTIONS)
def test_the_twins_have_as_many_rows_and_points(english: str, chinese: str) -> None:
    assert LINE_OF_ITS_OWN.findall(chinese) == LINE_OF_ITS_OWN.findall(english)


@pytest.mark.parametrize(("english", "chinese"), SECTIONS)
def test_the_twins_tell_of_the_same_names(english: str, chinese: str) -> None:
    assert set(NAME.findall(chinese)) == set(NAME.findall(english))


@pytest.mark.parametrize(("english", "chinese"), SECTIONS)
def test_the_twins_tell_the_same_numbers(english: str, chinese: str) -> None:
    assert numbers(chinese) == numbers(english)
