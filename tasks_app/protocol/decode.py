"""From a frame to a JSON object that any database stores unchanged.

Refused, beside what is no JSON: NaN and infinities, doubled keys, integers past 64
bits, nesting past 20 levels, and in strings the NUL character and lone surrogates
(PostgreSQL refuses both, SQLite stores one of them).
"""

import json
import math
from typing import NoReturn

from django.utils.translation import gettext as _

from tasks_app.errors import InvalidJson, InvalidMessage, MessageTooLarge

MAX_DEPTH = 20
MAX_INTEGER = 2**63 - 1
_LONGEST_INTEGER = len(str(-MAX_INTEGER))

JsonObject = dict[str, object]


def decode(frame: str | bytes, max_bytes: int) -> JsonObject:
    """The one JSON object in a text frame.

    Raises:
        MessageTooLarge: the frame has more than `max_bytes` in UTF-8.
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
    _check(message)
    return message


def _exceeds(frame: str, max_bytes: int) -> bool:
    if len(frame) * 4 <= max_bytes:
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
    if len(digits) > _LONGEST_INTEGER or abs(number := int(digits)) > MAX_INTEGER:
        raise InvalidMessage(_("整数超出64位范围"))
    return number


def _real(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise InvalidMessage(_("数值超出范围"))
    return number


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
        below: list[object] = []
        for value in level:
            if isinstance(value, dict):
                below += value.keys()
                below += value.values()
            elif isinstance(value, list):
                below += value
            elif isinstance(value, str):
                _check_text(value)
        if not below:
            return
        level = below
    raise InvalidMessage(_too_deep())


def _check_text(text: str) -> None:
    if "\0" in text:
        raise InvalidMessage(_("字符串中不能含有NUL字符"))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidMessage(_("字符串中含有无效的Unicode字符")) from None


def _too_deep() -> str:
    return _("JSON嵌套不得超过 %d 层") % MAX_DEPTH
