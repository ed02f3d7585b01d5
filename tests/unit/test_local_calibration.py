"""The local engine claims as much certainty as was measured, and no more."""

from tasks_app.inference.local.calibrate import (
    MOST,
    Share,
    measure,
    read_labelled,
    render,
)
from tasks_app.inference.local.classify import Evidence
from tasks_app.inference.local.wordlists import DATA
from tests.unit.local_requests import ask


def test_the_confidences_are_those_that_the_command_measures() -> None:
    assert (DATA / "calibration.toml").read_text(encoding="utf-8") == render(measure())


def test_more_evidence_is_more_often_right() -> None:
    shares = measure()
    assert shares[Evidence.WEAK].precision <= shares[Evidence.MEDIUM].precision
    assert shares[Evidence.MEDIUM].precision < shares[Evidence.STRONG].precision


def test_nothing_is_claimed_to_be_certain() -> None:
    assert Share(right=1000, total=1000).precision == MOST
    assert Share(right=0, total=0).precision == 0.5


def test_a_clear_sentence_is_surer_than_an_empty_one() -> None:
    assert ask("明早七点去机场").confidence > ask("那个").confidence


def test_no_sentence_is_labelled_twice() -> None:
    texts = [row.text for row in read_labelled()]
    assert len(texts) == len(set(texts))
