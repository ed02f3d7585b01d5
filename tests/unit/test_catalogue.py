"""The English catalogue: whole, compiled, and with the placeholders of its source."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

CATALOGUE = settings.LOCALE_PATHS[0] / "en" / "LC_MESSAGES"
TRANSLATION = "django.utils.translation"
MARKERS = {"gettext", "gettext_lazy", "gettext_noop"}
TEMPLATE_STRING = re.compile(r"gettext\((u?(['\"]).*?\2)\)")
PO_LINE = re.compile(r'(msg\w+)? ?(".*")')
PLACEHOLDER = re.compile(r"\{\w+\}|%\(\w+\)[sd]|%[sd]")


def strings_in_code(path: Path) -> Iterator[str]:
    """The literal first arguments of gettext's functions, whatever their alias."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    markers = {
        alias.asname or alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION
        for alias in node.names
        if alias.name in MARKERS
    }
    for node in nodes:
        match node:
            case ast.Call(
                func=ast.Name(id=name), args=[ast.Constant(value=str(text)), *_]
            ) if name in markers:
                yield text


def strings_in_template(path: Path) -> Iterator[str]:
    source = templatize(path.read_text(), origin=str(path))
    for match in TEMPLATE_STRING.finditer(source):
        yield ast.literal_eval(match[1])


def source_strings() -> set[str]:
    """All our texts: Chinese, as Django's own (in its templates) are not."""
    found: set[str] = set()
    for package in ("pulseweave", "tasks_app"):
        for path in (settings.BASE_DIR / package).rglob("*.py"):
            found.update(strings_in_code(path))
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        found.update(strings_in_template(path))
    return {text for text in found if not text.isascii()}


def read_po(path: Path) -> dict[str, str]:
    """msgid to msgstr of a catalogue without plurals and contexts."""
    entries: dict[str, str] = {}
    for block in path.read_text().split("\n\n"):
        fields: dict[str, str] = {}
        keyword = ""
        for line in block.splitlines():
            if match := PO_LINE.fullmatch(line):
                keyword = match[1] or keyword
                fields[keyword] = fields.get(keyword, "") + ast.literal_eval(match[2])
        entries[fields["msgid"]] = fields["msgstr"]
    return entries


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    return read_po(CATALOGUE / "django.po")


def test_the_sources_are_found() -> None:
    found = source_strings()
    assert "无效的JSON格式" in found, "from Python code"
    assert "立即重连" in found, "from templates"


def test_makemessages_finds_what_is_marked() -> None:
    """It knows the functions' own names and `_`, and no other alias."""
    aliases = {
        f"{path}: {alias.asname}"
        for package in ("pulseweave", "tasks_app")
        for path in (settings.BASE_DIR / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION
        for alias in node.names
        if alias.name in MARKERS and alias.asname not in (None, "_")
    }
    assert aliases == set()


def test_makemessages_finds_nothing_in_f_strings_so_nothing_is_marked_there() -> None:
    hidden = [
        f"{path}:{call.lineno}"
        for package in ("pulseweave", "tasks_app")
        for path in (settings.BASE_DIR / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {*MARKERS, "_"}
    ]
    assert hidden == []


def test_every_text_has_an_english_translation(english: dict[str, str]) -> None:
    untranslated = {text for text in source_strings() if not english.get(text)}
    assert untranslated == set()


def test_the_catalogue_has_no_text_that_is_gone(english: dict[str, str]) -> None:
    chinese = {text for text in english if not text.isascii()}
    assert chinese - source_strings() == set()


def test_translations_keep_the_placeholders(english: dict[str, str]) -> None:
    for source, translation in english.items():
        kept = sorted(PLACEHOLDER.findall(translation))
        assert kept == sorted(PLACEHOLDER.findall(source)), source


def test_the_compiled_catalogue_is_that_of_the_sources(
    english: dict[str, str],
) -> None:
    with (CATALOGUE / "django.mo").open("rb") as compiled:
        translations = gettext.GNUTranslations(compiled)
    stale = {
        source for source in english if translations.gettext(source) != english[source]
    }
    assert stale - {""} == set()
