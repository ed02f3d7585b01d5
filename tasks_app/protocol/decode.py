"""From a frame to a JSON object that any database stores unchanged.

Refused, beside what is no JSON: NaN and infinities, doubled keys, numbers past 64
bits, nesting past 20 levels, and in strings the NUL character and lone surrogates
(PostgreSQL refuses both, SQLite stores one of them).
"""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NoReturn

from django.utils.translation import gettext as _

from tasks_app.errors import InvalidJson, InvalidMessage, MessageTooLarge

MAX_DEPTH = 20
MAX_REQUEST_ID = 64
"""Characters."""
INTEGERS = range(-(2**63), 2**63)
_NO_FRACTION_FROM = 2**53
_LONGEST_INTEGER = len(str(-(2**63)))

JsonObject = dict[str, object]


def decode(frame: str | bytes, max_bytes: int) -> JsonObject:
    """The one JSON object in a text frame.

    Raises:
        MessageTooLarge: the frame has more than `max_bytes` in UTF-8 (0 = no limit).
        InvalidJson: it is not JSON.
        InvalidMessage: it is JSON that we do not take.
    """
    if isinstance(frame, bytes):
        raise InvalidMessage(_("请发送文本帧，不支持二进制帧"))
    if _exceeds(frame, max_bytes):
        raise MessageTooLarge(_("消息不得超过 %d 字节") % max_bytes)
    message = _load(frame)
    if not isinstance(message, dict):
        raise InvalidMessage(_("消息必须是一个JSON对象"))
    try:
        _check(message)
    except InvalidMessage as error:
        error.request_id = request_id_of(message)
        raise
    return message


def request_id_of(message: JsonObject) -> str | None:
    """The message's `request_id`, if it can be echoed."""
    value = message.get("request_id")
    if not isinstance(value, str) or len(value) > MAX_REQUEST_ID:
        return None
    try:
        _check_text(value)
    except InvalidMessage:
        return None
    return value


def _exceeds(frame: str, max_bytes: int) -> bool:
    if not max_bytes or len(frame) * 4 <= max_bytes:
        return False
    return len(frame.encode("utf-8", "surrogatepass")) > max_bytes


def _load(frame: str) -> object:
    try:
        return _decoder.decode(frame)
    except RecursionError:
        raise InvalidMessage(_too_deep()) from None
    except ValueError:
        raise InvalidJson from None


def _integer(digits: str) -> int:
    # int() itself would refuse thousands of digits with an error of its own.
    if len(digits) > _LONGEST_INTEGER or (number := int(digits)) not in INTEGERS:
        raise InvalidMessage(_("整数超出64位范围"))
    return number


def _real(digits: str) -> float | int:
    number = float(digits)
    if not INTEGERS.start <= number < INTEGERS.stop:
        raise InvalidMessage(_("数值超出64位范围"))
    # PostgreSQL gives back as an integer what has no room for a fraction.
    return int(number) if abs(number) >= _NO_FRACTION_FROM else number


def _constant(name: str) -> NoReturn:
    raise InvalidJson


def _object(pairs: list[tuple[str, object]]) -> JsonObject:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise InvalidMessage(_("同一对象中有重复的键"))
    return fields


_decoder = json.JSONDecoder(
    parse_int=_integer,
    parse_float=_real,
    parse_constant=_constant,
    object_pairs_hook=_object,
)


def _check(message: JsonObject) -> None:
    """Refuse what nests too deep and strings that not every database takes."""
    level: list[object] = [message]
    for _depth in range(MAX_DEPTH):
        level = [
            value
            for container in level
            for value in _members(container)
            if isinstance(value, dict | list)
        ]
        if not level:
            return
    raise InvalidMessage(_too_deep())


def _members(container: object) -> Iterator[object]:
    """The values in an object or array; its strings and keys are checked."""
    values: Iterable[object] = ()
    if isinstance(container, dict):
        values = chain(container.keys(), container.values())
    elif isinstance(container, list):
        values = container
    for value in values:
        if isinstance(value, str):
            _check_text(value)
        yield value


def _check_text(text: str) -> None:
    if "\0" in text:
        raise InvalidMessage(_("字符串中不能含有NUL字符"))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidMessage(_("字符串中含有无效的Unicode字符")) from None


def _too_deep() -> str:
    return _("JSON嵌套不得超过 %d 层") % MAX_DEPTH
