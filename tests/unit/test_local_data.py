"""The data files of the local engine can be edited by hand; slips show here."""

from datetime import date, timedelta
from itertools import chain

import pytest

from tasks_app.inference.contract import TaskType
from tasks_app.inference.local.checklists import load_checklists
from tasks_app.inference.local.groups import group
from tasks_app.inference.local.language import Language
from tasks_app.inference.local.lexicon import load_lexicon
from tasks_app.inference.local.normalize import normalize
from tasks_app.inference.local.times.calendar import holiday
from tasks_app.inference.local.wordlists import load_data

RECOGNISED = {
    *("time", "clock", "interval", "occasion"),
    *("place", "person", "item", "money", "fetching"),
}
SETTLED_BY = RECOGNISED | set(load_data("checklists.toml")["amounts"])


def test_every_type_has_a_checklist_with_different_labels() -> None:
    for language in Language:
        for slots in load_checklists(language).values():
            labels = [slot.label for slot in slots]
            assert len(labels) == len(set(labels))


def test_every_point_is_asked_in_every_language() -> None:
    for task_type in TaskType:
        counts = {len(load_checklists(language)[task_type]) for language in Language}
        assert len(counts) == 1, task_type
    for slot in chain.from_iterable(load_checklists(Language.ENGLISH).values()):
        assert (slot.label + slot.advice).isascii(), slot.label


def test_every_point_of_a_checklist_can_be_settled() -> None:
    for slots in load_checklists(Language.CHINESE).values():
        for slot in slots:
            assert slot.satisfied_by or slot.settled_by or slot.is_for_unclear, (
                slot.label
            )
            assert slot.settled_by <= SETTLED_BY, slot.label


def test_every_group_has_words() -> None:
    assert all(group(name) for name in load_data("groups.toml"))


def test_the_lexicon_speaks_for_every_type() -> None:
    votes = load_lexicon().votes
    assert len(votes) > 2000
    assert {task_type for said in votes.values() for task_type, _ in said} == set(
        TaskType
    )


def test_words_are_listed_as_texts_are_normalised() -> None:
    assert [word for word in load_lexicon().votes if normalize(word) != word] == []


@pytest.mark.parametrize("table", ["types", "tags", "hours", "act", "declined"])
@pytest.mark.parametrize("language", Language)
def test_every_type_has_its_phrases(language: Language, table: str) -> None:
    assert set(load_data(f"phrases/{language}.toml")[table]) == set(TaskType)


def test_every_type_has_a_lead() -> None:
    assert set(load_data("planning.toml")["lead_minutes"]) == set(TaskType)


def test_every_language_has_the_same_phrases() -> None:
    chinese, *others = [load_data(f"phrases/{language}.toml") for language in Language]
    for other in others:
        assert set(other) == set(chinese)
        for table, phrases in chinese.items():
            assert set(other[table]) == set(phrases), table


def test_english_phrases_are_plain_english() -> None:
    phrases = load_data("phrases/en.toml")
    for name in ("types", "plan", "hours", "declined", "tails", "act", "reminders"):
        assert all(phrase.isascii() for phrase in phrases[name].values()), name


def test_the_lunar_years_join_without_a_gap() -> None:
    years = load_data("lunar.toml")
    for name, year in years.items():
        following = years.get(str(int(name) + 1))
        length = timedelta(days=sum(year["month_days"]))
        assert following is None or year["new_year"] + length == following["new_year"]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("春节", date(2026, 2, 17)),
        ("端午", date(2025, 5, 31)),
        ("中秋", date(2025, 10, 6)),
        ("清明", date(2025, 4, 4)),
        ("冬至", date(2026, 12, 22)),
        ("除夕", date(2025, 1, 28)),
        ("复活节", date(2038, 4, 25)),
        ("easter", date(2049, 4, 18)),
        ("memorial day", date(2027, 5, 31)),
        ("立春", date(2028, 2, 4)),
        ("夏至", date(2028, 6, 21)),
        ("thanksgiving", date(2026, 11, 26)),
    ],
)
def test_holidays_are_where_the_calendar_has_them(name: str, day: date) -> None:
    assert holiday(name, day.year) == day
