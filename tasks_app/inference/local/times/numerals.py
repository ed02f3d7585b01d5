"""Numbers as people write them, in Chinese, digits or English words."""

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_ENGLISH = {
    "half": 0.5, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "couple of": 2, "a couple of": 2, "forty-five": 45, "twenty-five": 25,
}  # fmt: skip

CHINESE = "零〇一二两三四五六七八九十"
"""Characters of a number below 100."""


def parse_number(text: str) -> float | None:
    """The value of `text`, or None when it is no number; `七八` counts as 7."""
    text = text.strip()
    if text.isascii():
        return _parse_ascii(text)
    if text == "半":
        return 0.5
    if any(char in _UNITS for char in text):
        return _parse_positional(text)
    if all(char in DIGITS for char in text):
        return _parse_spelled(text)
    return None


def _parse_ascii(text: str) -> float | None:
    if text in _ENGLISH:
        return _ENGLISH[text]
    whole, _, fraction = text.partition(".")
    if whole.isdigit() and (not fraction or fraction.isdigit()):
        return float(text)
    return None


def _parse_positional(text: str) -> float | None:
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        elif char in DIGITS:
            digit = DIGITS[char]
        else:
            return None
    return float(total + digit)


def _parse_spelled(text: str) -> float:
    """`二零二六` is 2026, `零五` is 5, `七八` (seven or eight) is 7."""
    values = [DIGITS[char] for char in text]
    if len(values) == 2 and values[0]:
        return float(values[0])
    return float("".join(map(str, values)))


def parse_int(text: str) -> int:
    """Like `parse_number`, for text that a pattern has already accepted."""
    value = parse_number(text)
    return -1 if value is None else int(value)
