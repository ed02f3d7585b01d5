"""Times, places, persons, things, sums and numbers that a sentence names."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from tasks_app.inference.contract import Entity
from tasks_app.inference.local.groups import group
from tasks_app.inference.local.matching import WordIndex
from tasks_app.inference.local.patterns import find_patterns
from tasks_app.inference.local.sentence import Sentence
from tasks_app.inference.local.things import find_things, is_thing
from tasks_app.inference.local.wordlists import alternation, load_data, split_words

_DATA = load_data("entities.toml")
_TITLED = re.compile(
    rf"[{_DATA['surnames']}](?:{alternation(split_words(_DATA['titles']))})"
)
_NICKNAME = re.compile(
    rf"(?:{alternation(split_words(_DATA['before_names']))})了?"
    rf"(?P<name>(?!{alternation(split_words(_DATA['not_names']))})[小老阿][\u4e00-\u9fff])"
)
_LATIN_NAME = re.compile(
    rf"(?:{alternation(split_words(_DATA['before_names']))})了? ?"
    rf"(?P<name>[A-Z][a-z]{{1,15}}(?![A-Za-z]))"
    rf"(?! ?(?:{alternation(split_words(_DATA['done_to_devices']))}))"
)
_ENGLISH_NAME = re.compile(
    r"\b(?:[Ww]ith|[Cc]all|[Mm]eet|[Ee]mail|[Tt]ext|[Aa]sk|[Tt]ell|[Vv]isit|and"
    r"|[Pp]ick up|[Dd]rop off|[Ss]ee|[Ii]nvite|[Rr]emind|[Tt]hank|[Pp]ay"
    r"|(?:[Ss]end|[Gg]ive|[Tt]ransfer|[Ff]orward|[Ll]end) [^,.;]{1,40} to)"
    r" (?P<name>(?!(?:Mon|Tues?|Wednes|Thurs?|Fri|Satur|Sun)(?:day)?\b)"
    r"[A-Z][a-z]{1,15}(?: [A-Z][a-z]{1,15})?)\b"
)
_ENGLISH_PLACE = re.compile(
    r"\b(?:at|in|(?:trip|flight|train|bus|drive|fly|go|going|travel|back) to)"
    r" (?P<name>(?!(?:Mon|Tues?|Wednes|Thurs?|Fri|Satur|Sun)(?:day)?\b"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"
    r"[A-Z][a-z]{2,15}(?: [A-Z][a-z]{2,15}){0,2}(?:'s (?:place|house))?)\b"
)
_ROOM = re.compile(
    r"(?<=在)[a-z]?\d{3,4}(?!\d|年|元|块|路)|[a-z]?\d{2,4}(?:会议室|室|教室|号楼|房间)"
)
_PLACE_ENDING = re.compile(rf"(?:{alternation(split_words(_DATA['place_endings']))})$")
_DEPARTMENTS = frozenset(split_words(_DATA["departments"]))
_BEFORE_DEPARTMENT = re.compile(
    rf"(?:{alternation(split_words(_DATA['before_names']))}"
    rf"|{alternation(split_words(_DATA['before_departments']))})$"
)
_LONGEST_CALL = 4
_NOT_PERSONS = frozenset(split_words(_DATA["not_persons"]))
_NOT_PLACES = frozenset(split_words(_DATA["not_places"]))
_ORIGINS = frozenset(split_words(_DATA["origins"]))
_FULL_NAME = 2


def find_entities(sentence: Sentence) -> list[Entity]:
    """The entities by position; of two that overlap, the kind named first below."""
    taken: set[int] = set()
    found: list[Entity] = []
    for finder in _FINDERS:
        for entity in finder(sentence):
            stretch = range(entity.start or 0, entity.end or 0)
            if taken.isdisjoint(stretch):
                taken.update(stretch)
                found.append(entity)
    people = {entity.start for entity in found if entity.type == "person"}
    return sorted(
        (entity for entity in found if not _is_origin(entity, people)),
        key=lambda entity: entity.start or 0,
    )


def _is_origin(entity: Entity, people: set[int | None]) -> bool:
    is_joined = entity.end in people
    return entity.type == "place" and entity.value in _ORIGINS and is_joined


def _cut(kind: str, sentence: Sentence, start: int, end: int) -> Entity:
    return Entity(
        type=kind,
        value=sentence.text[start:end],
        confidence=_DATA["precision"][kind],
        start=start,
        end=end,
    )


def _times(sentence: Sentence) -> Iterator[Entity]:
    for span in sentence.times:
        entity = _cut("time", sentence, span.start, span.end)
        yield entity.model_copy(update={"normalized": span.normalized})


def _patterns(sentence: Sentence) -> Iterator[Entity]:
    for found in find_patterns(sentence.plain):
        entity = _cut(found.kind, sentence, found.start, found.end)
        yield entity.model_copy(update={"normalized": found.normalized})


def _persons(sentence: Sentence) -> Iterator[Entity]:
    yield from _names(sentence)
    for known in _person_index().find(sentence):
        if known.word in _DEPARTMENTS and not _BEFORE_DEPARTMENT.search(
            sentence.plain, max(0, known.start - _LONGEST_CALL), known.start
        ):
            continue
        yield _cut("person", sentence, known.start, known.end)
    for token in sentence.tokens:
        if (
            token.tag == "nr"
            and token.text[0] in _DATA["surnames"]
            and _is_name(token.text)
        ):
            yield _cut("person", sentence, token.start, token.end)


def _names(sentence: Sentence) -> Iterator[Entity]:
    """What is a name by its form or by what stands before it."""
    for match in _TITLED.finditer(sentence.plain):
        yield _cut("person", sentence, *match.span())
    for match in _NICKNAME.finditer(sentence.plain):
        yield _cut("person", sentence, *match.span("name"))
    for pattern in (_ENGLISH_NAME, _LATIN_NAME):
        for match in pattern.finditer(sentence.text):
            yield _cut("person", sentence, *match.span("name"))


def _is_name(word: str) -> bool:
    is_doubled = word[0] == word[1:]
    is_short = _FULL_NAME <= len(word) <= _FULL_NAME + 1
    is_other = word in _NOT_PERSONS or word in _place_index()
    return is_short and not is_doubled and not is_other


def _places(sentence: Sentence) -> Iterator[Entity]:
    for match in _ROOM.finditer(sentence.plain):
        yield _cut("place", sentence, *match.span())
    for match in _ENGLISH_PLACE.finditer(sentence.text):
        yield _cut("place", sentence, *match.span("name"))
    start, end = -1, -1
    for left, right in _place_spans(sentence):
        if left > end >= 0:
            yield _cut("place", sentence, start, end)
        if left > end:
            start = left
        end = max(end, right)
    if end >= 0:
        yield _cut("place", sentence, start, end)


def _place_spans(sentence: Sentence) -> list[tuple[int, int]]:
    """Stretches of places; neighbours belong together: 北京 + 南站."""
    spans = [(match.start, match.end) for match in _place_index().find(sentence)]
    spans += [
        (token.start + (token.text[0] in _DATA["verbs_before_places"]), token.end)
        for token in sentence.tokens
        if token.text not in _NOT_PLACES
        and not is_thing(token.text)
        and (
            (token.tag == "ns" and len(token.text) > 1)
            or (len(token.text) > 2 and _PLACE_ENDING.search(token.text))
        )
    ]
    return sorted(spans)


def _things(sentence: Sentence) -> Iterator[Entity]:
    for start, end in find_things(sentence):
        yield _cut("item", sentence, start, end)


@cache
def _person_index() -> WordIndex:
    return WordIndex(
        word
        for name in ("family", "friends", "colleagues", "roles")
        for word in group(name)
    )


@cache
def _place_index() -> WordIndex:
    return WordIndex(
        word for name in ("places", "cities", "countries") for word in group(name)
    )


_FINDERS: tuple[Callable[[Sentence], Iterator[Entity]], ...] = (
    _patterns,
    _times,
    _persons,
    _places,
    _things,
)
