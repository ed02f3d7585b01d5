"""What labelled sentences teach beyond the word lists."""

from tasks_app.inference.contract import TaskType
from tasks_app.inference.local.classify import Evidence, classify
from tasks_app.inference.local.labelled import Labelled
from tasks_app.inference.local.naive_bayes import NOTHING, ComplementNaiveBayes
from tasks_app.inference.local.sentence import prepare
from tests.unit.local_requests import NOW

BAYES = ComplementNaiveBayes(
    [
        Labelled("给猫铲屎", (TaskType.OTHER,), is_measured=False),
        Labelled("猫砂快没了去买", (TaskType.SHOPPING,), is_measured=False),
        Labelled("去买咖啡豆", (TaskType.SHOPPING, TaskType.OTHER), is_measured=False),
        Labelled("考前刷题", (TaskType.LEARNING,), is_measured=False),
    ]
)


def most_likely(text: str) -> TaskType:
    odds = BAYES.log_odds(text)
    return max(zip(odds, TaskType, strict=True))[1]


def test_it_finds_the_type_whose_sentences_are_most_alike() -> None:
    assert most_likely("买猫砂") is TaskType.SHOPPING
    assert most_likely("铲屎") is TaskType.OTHER
    assert most_likely("刷两套题") is TaskType.LEARNING


def test_only_the_most_fitting_type_is_taught() -> None:
    beans = dict(zip(TaskType, BAYES.log_odds("咖啡豆"), strict=True))
    assert beans[TaskType.OTHER] < 0 < beans[TaskType.SHOPPING]


def test_what_was_never_heard_says_nothing() -> None:
    assert BAYES.log_odds("zzz") == NOTHING
    assert BAYES.log_odds("，。！") == NOTHING
    assert BAYES.log_odds("") == NOTHING


def test_a_word_of_no_list_is_known_from_a_labelled_sentence() -> None:
    sentence = prepare("zazen tonight", NOW)
    rows = [Labelled("zazen", (TaskType.LEARNING,), is_measured=False)]
    rows += [Labelled("x", (kind,), is_measured=False) for kind in TaskType]
    assert classify(sentence, ComplementNaiveBayes([])).evidence is Evidence.NONE
    assert classify(sentence, ComplementNaiveBayes(rows)).task_type is TaskType.LEARNING


def test_what_is_declined_teaches_less_than_what_is_wanted() -> None:
    rows = [
        Labelled("zazen", (TaskType.LEARNING,), is_measured=False),
        Labelled("qwfp", (TaskType.WORK,), is_measured=False),
    ]
    sentence = prepare("不用zazen，记得qwfp", NOW)
    verdict = classify(sentence, ComplementNaiveBayes(rows))
    assert verdict.task_type is not TaskType.LEARNING
