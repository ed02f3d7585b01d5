"""The data files of the local engine can be edited by hand; slips show here."""

from datetime import date, timedelta

import pytest

from tasks_app.inference.contract import TaskType
from tasks_app.inference.local.checklists import load_checklists
from tasks_app.inference.local.groups import group
from tasks_app.inference.local.lexicon import load_lexicon
from tasks_app.inference.local.normalize import normalize
from tasks_app.inference.local.times.calendar import holiday
from tasks_app.inference.local.wordlists import load_data

RECOGNISED = {"time", "clock", "interval", "place", "person", "item", "money"}
SETTLED_BY = RECOGNISED | set(load_data("checklists.toml")["amounts"])


def test_every_type_has_a_checklist_with_different_labels() -> None:
    for slots in load_checklists().values():
        labels = [slot.label for slot in slots]
        assert len(labels) == len(set(labels))


def test_every_point_of_a_checklist_can_be_settled() -> None:
    for slots in load_checklists().values():
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


@pytest.mark.parametrize("table", ["types", "tags", "act", "declined", "lead_minutes"])
def test_every_type_has_its_phrases(table: str) -> None:
    assert set(load_data("phrases.toml")[table]) == set(TaskType)


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
