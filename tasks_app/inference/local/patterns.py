"""Entities with a fixed form: phone numbers, mail addresses, ids, money."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks_app.inference.event_facts import PII_FORMS
from tasks_app.inference.local.times.numerals import parse_number

_FORMS = PII_FORMS | {"url": re.compile(r"https?://[^\s，。；]{1,200}")}
_DIGITS = "零一二两三四五六七八九十百千万"
_CURRENCY = "元|块钱?(?!儿)|美元|美金|欧元|日元|港币|人民币|rmb|dollars?|bucks"
_PHRASE_END = r"(?=$|[，。,！!\s])"
_COUNT = r"\d{1,9}(?:,\d{3}){0,3}(?:\.\d{1,2})?"
_MONEY = re.compile(
    rf"(?:[¥￥$€]|rmb ?)(?P<signed>{_COUNT})"
    rf"|(?<![\d.,])(?P<count>{_COUNT}) ?(?P<scale>[百千万亿w]?)"
    rf"(?:{_CURRENCY}|(?<=[百千万亿w]){_PHRASE_END})"
    rf"|(?<![{_DIGITS}第])(?P<written>[{_DIGITS}]{{1,9}})"
    rf"(?:{_CURRENCY}|(?<=[百千万][一二三四五六七八九]){_PHRASE_END})"
    rf"|(?<=[转还交付汇打借花存取出])(?P<plain>[{_DIGITS}]{{1,9}}(?<=[百千万]))"
    rf"{_PHRASE_END}"
)
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "w": 10_000, "亿": 100_000_000}


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of fixed form; sums are normalised to a plain number."""

    kind: str
    start: int
    end: int
    normalized: str | None = None


def find_patterns(plain: str) -> Iterator[Found]:
    """The entities of fixed form in `plain`."""
    for kind, pattern in _FORMS.items():
        for match in pattern.finditer(plain):
            yield Found(kind, *match.span())
    for match in _MONEY.finditer(plain):
        amount = _amount(match)
        if amount is not None:
            yield Found("money", *match.span(), normalized=f"{amount:.12g}")


def _amount(match: re.Match[str]) -> float | None:
    written = match["written"] or match["plain"]
    if written:
        return _written_amount(written)
    digits = (match["signed"] or match["count"]).replace(",", "")
    return float(digits) * _SCALES[match["scale"] or ""]


def _written_amount(written: str) -> float | None:
    """两千五 is 2500, 三万二 is 32000."""
    whole, myriad, rest = written.rpartition("万")
    high = parse_number(whole) if whole else 0.0
    low = _below_myriad(rest, 1000 if myriad else 0)
    return None if high is None or low is None else high * 10_000 + low


def _below_myriad(written: str, last_scale: int) -> float | None:
    """`last_scale` is what a lone digit stands for: the 二 of 三万二 for 2000."""
    if not written:
        return 0.0
    if len(written) == 1 and last_scale and written not in "十百千":
        value = parse_number(written)
        return None if value is None else value * last_scale
    scale = {"千": 100, "百": 10}.get(written[-2:-1], 0)
    if scale and written[-1] not in "十百千":
        head, tail = parse_number(written[:-1]), parse_number(written[-1])
        return None if head is None or tail is None else head + tail * scale
    return parse_number(written)
