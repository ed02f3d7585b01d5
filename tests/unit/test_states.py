"""Every pair of statuses."""

from itertools import product

import pytest

from tasks_app.states import FINAL, MOVES, UNFINISHED, Status, is_legal

DRAWN = {
    (Status.PENDING, Status.PROCESSING),  # claim
    (Status.PENDING, Status.FAILED),  # expire
    (Status.PENDING, Status.CANCELLED),  # cancel
    (Status.PROCESSING, Status.PENDING),  # requeue
    (Status.PROCESSING, Status.COMPLETED),  # complete
    (Status.PROCESSING, Status.FAILED),  # fail
    (Status.PROCESSING, Status.CANCELLED),  # cancel
}
"""The arrows of the drawing."""


@pytest.mark.parametrize(("old", "new"), [*product(Status, repeat=2)])
def test_a_move_is_legal_if_it_is_drawn(old: Status, new: Status) -> None:
    assert is_legal(old, new) is ((old, new) in DRAWN)


def test_the_statuses_are_those_of_the_wire() -> None:
    assert [status.value for status in Status] == [
        "pending",
        "processing",
        "completed",
        "failed",
        "cancelled",
    ]


def test_every_status_is_either_final_or_unfinished() -> None:
    assert frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELLED}) == FINAL
    assert frozenset({Status.PENDING, Status.PROCESSING}) == UNFINISHED


def test_every_status_has_its_row_in_the_table() -> None:
    assert set(MOVES) == set(Status)
