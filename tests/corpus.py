"""Frames that try the decoder, for every test that has one in front of it."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from tasks_app.errors import InvalidJson, InvalidMessage, RequestError
from tasks_app.protocol.requests import Bounds

BOUNDS = Bounds(message_bytes=65_536, text_length=2000)


def nested(depth: int, innermost: str = "1") -> str:
    """A ping of `depth` containers, the message itself being the first."""
    brackets = depth - 1
    return '{"type":"ping","x":' + "[" * brackets + innermost + "]" * brackets + "}"


def ping_with(value: str) -> str:
    """A ping with a further field, whose JSON text is `value`."""
    return f'{{"type":"ping","x":{value}}}'


def submission_with(value: str) -> str:
    """A submission whose event has a further field, whose JSON text is `value`."""
    event = f'{{"further":{value}}}'
    return f'{{"type":"submit_task","data":{{"text":"买牛奶","event":{event}}}}}'


ACCEPTED: dict[str, str] = {
    "null": "null",
    "true": "true",
    "false": "false",
    "zero": "0",
    "minus zero": "-0",
    "minus zero, real": "-0.0",
    "the largest integer": str(2**63 - 1),
    "the smallest integer": str(-(2**63)),
    "past the precision of a double": "9007199254740993",
    "a real that is whole": "1.0",
    "a real with an exponent": "1e5",
    "a real past the precision of a double": "6.601069643427702e16",
    "a large real": "9.2e18",
    "the smallest real": "5e-324",
    "a real of 17 digits": "0.30000000000000004",
    "an underflow": "1e-999",
    "empty text": '""',
    "quotes and backslashes": '"\\"\\\\\\/"',
    "control characters": '"\\u0001\\b\\f\\n\\r\\t\\u001f\\u007f\\u0085"',
    "a pair of surrogates": '"\\ud83d\\ude00"',
    "beyond the basic plane": '"😀𝒳\U0010ffff"',
    "noncharacters": '"\\ufffe\\uffff"',
    "separators of lines": '"\\u2028\\u2029"',
    "right to left": '"\u202eשלום\u200f"',
    "combining marks, not normalised": '"e\u0301 \u212b"',
    "zero-width joiners": '"👩\u200d👩\u200d👧"',
    "spaces at both ends": '"  x\\u3000"',
    "markup": '"<script>alert(1)</script>&amp;"',
    "SQL": '"\'; DROP TABLE tasks_app_task; --"',
    "a template": '"{{ 7*7 }} %s %(x)s {0} ${y}"',
    "long text": '"' + "买" * 20_000 + '"',
    "an empty object": "{}",
    "an empty array": "[]",
    "empty and odd keys": '{"":1," ":2,"\\u0001":3,"键":4,"a.b":5,"__proto__":6}',
    "keys that differ in case": '{"a":1,"A":2}',
    "keys that differ in normal form": '{"\u00e9":1,"e\u0301":2}',
    "a mixed array": '[null,true,0,1.5,"x",{"y":[]}]',
    "a wide array": "[" + "0," * 9999 + "0]",
    # Message, data and event are three more.
    "17 arrays": "[" * 17 + "1" + "]" * 17,
    "17 objects": '{"x":' * 17 + "1" + "}" * 17,
}
"""Names of JSON values, and their texts: each may stand in a message."""

REFUSED: dict[str, tuple[str | bytes, type[RequestError]]] = {
    "nothing": ("", InvalidJson),
    "only spaces": (" \t\r\n", InvalidJson),
    "a byte order mark": ("\ufeff" + ping_with("1"), InvalidJson),
    "a no-break space before": ("\u00a0" + ping_with("1"), InvalidJson),
    "words": ("hello", InvalidJson),
    "half a message": ('{"type":"ping"', InvalidJson),
    "two messages": ('{"type":"ping"}{"type":"ping"}', InvalidJson),
    "single quotes": ("{'type':'ping'}", InvalidJson),
    "a comment": ('{"type":"ping"/**/}', InvalidJson),
    "a trailing comma": ('{"type":"ping",}', InvalidJson),
    "a bare key": ('{type:"ping"}', InvalidJson),
    "a leading zero": (ping_with("01"), InvalidJson),
    "a leading plus": (ping_with("+1"), InvalidJson),
    "a hexadecimal number": (ping_with("0x1"), InvalidJson),
    "a full-width digit": (ping_with("１"), InvalidJson),
    "a bare point": (ping_with(".5"), InvalidJson),
    "Python's None": (ping_with("None"), InvalidJson),
    "a raw tab in a string": (ping_with('"\t"'), InvalidJson),
    "a raw NUL in a string": (ping_with('"\0"'), InvalidJson),
    "a raw NUL at the end": ('{"type":"ping"}\0', InvalidJson),
    "an unknown escape": (ping_with('"\\x41"'), InvalidJson),
    "half an escape": (ping_with('"\\u00"'), InvalidJson),
    "NaN": (ping_with("NaN"), InvalidJson),
    "infinity": (ping_with("Infinity"), InvalidJson),
    "minus infinity": (ping_with("-Infinity"), InvalidJson),
    "NaN alone": ("NaN", InvalidJson),
    "a real past 64 bits": (ping_with("1e23"), InvalidMessage),
    "the largest real": (ping_with("1.7976931348623157e308"), InvalidMessage),
    "a real past the largest": (ping_with("1e999"), InvalidMessage),
    "a real past the smallest": (ping_with("-1e309"), InvalidMessage),
    "a large integer": (ping_with(str(2**63)), InvalidMessage),
    "a small integer": (ping_with(str(-(2**63) - 1)), InvalidMessage),
    "5000 digits": (ping_with("9" * 5000), InvalidMessage),
    "minus 5000 digits": (ping_with("-" + "9" * 5000), InvalidMessage),
    "5000 digits of a real": (ping_with("9" * 5000 + ".5"), InvalidMessage),
    "NUL in a value": (ping_with('"a\\u0000b"'), InvalidMessage),
    "NUL in a key": (ping_with('{"\\u0000":1}'), InvalidMessage),
    "a high surrogate in a value": (ping_with('"\\ud800"'), InvalidMessage),
    "a low surrogate in a value": (ping_with('"x\\udfff"'), InvalidMessage),
    "surrogates the wrong way round": (ping_with('"\\ude00\\ud83d"'), InvalidMessage),
    "a surrogate in a key": (ping_with('{"\\ud800":1}'), InvalidMessage),
    "a surrogate that is no escape": (ping_with('"\ud800"'), InvalidMessage),
    "a surrogate far inside": (ping_with('[[{"a":["\\udc00"]}]]'), InvalidMessage),
    "a key twice": ('{"type":"ping","type":"ping"}', InvalidMessage),
    "a key twice inside": (ping_with('[{"a":1,"a":2}]'), InvalidMessage),
    "a key twice, once escaped": (ping_with('{"a":1,"\\u0061":2}'), InvalidMessage),
    "21 levels": (nested(21), InvalidMessage),
    "21 levels, the last empty": (nested(21, ""), InvalidMessage),
    "500 levels": (nested(500), InvalidMessage),
    "20 000 levels": (nested(20_000), InvalidMessage),
    "8000 objects": ('{"x":' * 8000 + "1" + "}" * 8000, InvalidMessage),
    "an array": ('[{"type":"ping"}]', InvalidMessage),
    "a string": ('"ping"', InvalidMessage),
    "a number": ("1", InvalidMessage),
    "null": ("null", InvalidMessage),
    "a binary frame": (b'{"type":"ping"}', InvalidMessage),
    "an empty binary frame": (b"", InvalidMessage),
    "invalid UTF-8 in a binary frame": (b"\xff\xfe", InvalidMessage),
}
"""Names of frames, the frames, and the errors that answer them."""

STRING = ([1, True, [], {}], ["", "x"])
NUMBER = (["1", True, [], {}], [0, -3.5, 1e18])
FRACTION = (["1", True, [], {}, -0.01, 1.01, 2], [0, 0.5, 1])
BOOLEAN = (["true", 0, 1, [], {}], [True, False])
OBJECT = (["x", 1, True, []], [{}, {"further": 1}])
LIST: tuple[list[object], list[object]] = (["x", 1, True, {}], [[]])
TIME = (
    [5, 1.5, True, [], {}, "", "soon", "2025-13-01T00:00:00Z", "1704441600", "-1"],
    ["2025-09-01T09:00:05", "2025-09-01T09:00:05Z", "2025-09-01T09:00:05.5+08:00"],
)

EVENT_FIELDS: dict[str, tuple[list[Any], list[Any]]] = {
    "event_id": STRING,
    "transcript": STRING,
    "speakers": LIST,
    "speakers.0": OBJECT,
    "speakers.0.speaker_id": STRING,
    "speakers.0.speaker_label": STRING,
    "speakers.0.is_user": BOOLEAN,
    "speakers.0.speaker_confidence": FRACTION,
    "audio_features": OBJECT,
    "audio_features.avg_volume_db": NUMBER,
    "audio_features.snr_db": NUMBER,
    "audio_features.speech_rate_wpm": NUMBER,
    "audio_features.language": STRING,
    "audio_features.asr_confidence": FRACTION,
    "entities": LIST,
    "entities.0": OBJECT,
    "entities.0.type": STRING,
    "entities.0.value": STRING,
    "entities.0.confidence": FRACTION,
    "tags": LIST,
    "tags.0": STRING,
    "privacy": OBJECT,
    "privacy.contains_pii": BOOLEAN,
    "privacy.pii_types": LIST,
    "privacy.pii_types.0": STRING,
    "privacy.redaction_suggested": BOOLEAN,
    "nlu": OBJECT,
    "nlu.intents": LIST,
    "nlu.summary": STRING,
    "event_type": STRING,
    "start_time": TIME,
    "end_time": TIME,
    "start_offset_sec": NUMBER,
    "end_offset_sec": NUMBER,
    "confidence": FRACTION,
}
"""Every known field: values of the wrong type, and values of the right one."""

property_test = settings(deadline=None, database=None)

any_text = st.text(st.characters())
"""Lone surrogates and NUL included."""

any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda inner: st.lists(inner) | st.dictionaries(any_text, inner),
    max_leaves=20,
)
"""NaN, infinities and integers of any size included."""
