"""Finding listed words in a sentence."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tasks_app.inference.local.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Match:
    """A listed word where it stands."""

    word: str
    start: int
    end: int


class WordIndex:
    """A set of words, found longest first in time linear in the text."""

    def __init__(self, words: Iterable[str]) -> None:
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        self._words = frozenset(words)
        for word in self._words:
            lengths[word[0]].add(len(word))
        self._lengths: Mapping[str, tuple[int, ...]] = {
            char: tuple(sorted(sizes, reverse=True)) for char, sizes in lengths.items()
        }

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def find(self, sentence: Sentence) -> list[Match]:
        """The words from left to right, none overlapping."""
        found: list[Match] = []
        position = 0
        while position < len(sentence.plain):
            match = next(self._at(sentence, position), None)
            if match is not None:
                found.append(match)
            position = position + 1 if match is None else match.end
        return found

    def find_all(self, sentence: Sentence) -> list[Match]:
        """Every occurrence, words within words included."""
        return [
            match
            for position in range(len(sentence.plain))
            for match in self._at(sentence, position)
        ]

    def _at(self, sentence: Sentence, start: int) -> Iterator[Match]:
        plain = sentence.plain
        for length in self._lengths.get(plain[start], ()):
            end = start + length
            word = plain[start:end]
            if (
                len(word) == length
                and word in self._words
                and _stands_alone(plain, start, end)
                and sentence.is_word(start, end)
            ):
                yield Match(word, start, end)


def _stands_alone(plain: str, start: int, end: int) -> bool:
    """Whether an English word is whole; a plural s may follow."""
    if not plain[start].isascii():
        return True
    if start and _is_letter(plain[start - 1]):
        return False
    after = plain[end : end + 2]
    if after[:1] == "s":
        after = after[1:]
    return not after or not _is_letter(after[0])


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalnum()
