"""PROTOCOL.md, taken apart: sections, tables and examples."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from django.conf import settings

PATH = settings.BASE_DIR / "PROTOCOL.md"

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(##+) (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """What stands between a heading and the next one, of whatever level."""

    title: str
    chapter: str
    """The title of the level-2 heading that it stands under, or is."""
    text: str

    def blocks(self, language: str) -> list[str]:
        """The contents of its fenced blocks in this language."""
        return [code for kind, code in _FENCE.findall(self.text) if kind == language]

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """The rows of its tables by the names of their columns."""
        rows: list[dict[str, str]] = []
        header: list[str] = []
        for line in _FENCE.sub("", self.text).splitlines():
            if not line.startswith("|"):
                header = []
            elif not header:
                header = _cells(line)
            elif not line.startswith("|--"):
                rows.append(dict(zip(header, _cells(line), strict=True)))
        return rows

    def column(self, name: str) -> list[str]:
        """The cells of this column, without their backticks."""
        return [row[name].strip("`") for row in self.rows]


@dataclass(frozen=True)
class Document:
    """The whole manual."""

    sections: tuple[Section, ...]

    @classmethod
    def read(cls) -> Self:
        text = PATH.read_text()
        fenced = [match.span() for match in _FENCE.finditer(text)]
        headings = [
            match
            for match in _HEADING.finditer(text)
            if not any(start < match.start() < end for start, end in fenced)
        ]
        ends = [heading.start() for heading in headings[1:]] + [len(text)]
        sections: list[Section] = []
        chapter = ""
        for heading, end in zip(headings, ends, strict=True):
            title = heading[2]
            chapter = title if heading[1] == "##" else chapter
            sections.append(Section(title, chapter, text[heading.end() : end]))
        return cls(tuple(sections))

    def section(self, title: str) -> Section:
        """The one section of this title."""
        [section] = [section for section in self.sections if section.title == title]
        return section

    def under(self, chapter: str) -> dict[str, Section]:
        """The sections below this level-2 heading, by title."""
        return {
            section.title: section
            for section in self.sections
            if section.chapter == chapter != section.title
        }

    def blocks(self, language: str) -> list[str]:
        return [code for section in self.sections for code in section.blocks(language)]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
