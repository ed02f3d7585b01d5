"""The local engine claims as much certainty as was measured, and no more."""

from pathlib import Path

import pytest
from django.core.management import call_command

from tasks_app.inference.local.calibrate import (
    MOST,
    Share,
    measure,
    render,
)
from tasks_app.inference.local.classify import Evidence
from tasks_app.inference.local.labelled import read_labelled
from tasks_app.inference.local.wordlists import DATA
from tasks_app.management.commands import calibrate
from tests.unit.local_requests import ask


@pytest.fixture(scope="module")
def shares() -> dict[Evidence, Share]:
    return measure()


def test_the_confidences_are_those_that_the_command_measures(
    shares: dict[Evidence, Share],
) -> None:
    assert (DATA / "calibration.toml").read_text(encoding="utf-8") == render(shares)


def test_more_evidence_is_more_often_right(shares: dict[Evidence, Share]) -> None:
    assert shares[Evidence.WEAK].precision <= shares[Evidence.MEDIUM].precision
    assert shares[Evidence.MEDIUM].precision < shares[Evidence.STRONG].precision


def test_nothing_is_claimed_to_be_certain() -> None:
    assert Share(right=1000, total=1000).precision == MOST
    assert Share(right=0, total=0).precision == 0.5


def test_a_clear_sentence_is_surer_than_an_empty_one() -> None:
    assert ask("明早七点去机场").confidence > ask("那个").confidence


def test_the_command_writes_the_table_and_tells_how_reliable_it_is(
    shares: dict[Evidence, Share],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = tmp_path / "calibration.toml"
    monkeypatch.setattr(calibrate, "TABLE", table)
    call_command("calibrate", dry_run=True)
    assert not table.exists()
    dry = capsys.readouterr().out
    call_command("calibrate")
    assert table.read_text(encoding="utf-8") == render(shares)
    assert capsys.readouterr().out == dry
    accuracy, precision, _, *classes = [line.split("\t") for line in dry.splitlines()]
    total = sum(share.total for share in shares.values())
    assert accuracy[0] == "准确率"
    assert accuracy[2].endswith(f"/{total}")
    assert precision[2].endswith(f"/{total - shares[Evidence.NONE].total}")
    assert [row[0] for row in classes] == ["none", "weak", "medium", "strong"]
    for name, claimed, now, actual, count in classes:
        share = shares[Evidence(name)]
        assert claimed == now == f"{share.precision:.2f}"
        assert actual == f"{share.right / share.total:.1%}"
        assert count == str(share.total)


def test_no_sentence_is_labelled_twice() -> None:
    texts = [row.text for row in read_labelled()]
    assert len(texts) == len(set(texts))
