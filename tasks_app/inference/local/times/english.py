"""The patterns of English words of time."""

import re

from tasks_app.inference.local.times import english_readings as read
from tasks_app.inference.local.times.model import Parts
from tasks_app.inference.local.times.rules import Build, Rule
from tasks_app.inference.local.wordlists import alternation, load_data, split_words

_WORDS = load_data("times.toml")
_HOLIDAYS = load_data("holidays.toml")
_NUMBER_WORD = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    "|fifteen|twenty-five|twenty|thirty|forty-five|forty|fifty"
)
_COUNT = rf"(?P<n>\d{{1,3}}(?:\.\d)?|a couple of|couple of|an?|{_NUMBER_WORD}|half)"
_UNIT = (
    r"(?P<unit>sec(?:ond)?s?|min(?:ute)?s?|hours?|hrs?"
    r"|days?|nights?|weeks?|fortnights?|months?|years?)\b"
)
_NO_HOUR = (
    r"(?![:./%\d]|-\d| ?[ap]\.?m\b"
    r"| ?[a-z]*(?:st|nd|rd|th|minutes?|mins?|hours?|hrs?|days?|weeks?|months?"
    r"|people|percent|kids|items|dollars|bucks|degrees|km|miles)\b)"
)
_REST = (
    r"(?P<and_half> and a half)?(?:(?<=s|r),? (?:and )?"
    rf"(?P<rest>\d{{1,2}}|{_NUMBER_WORD}) ?(?P<rest_unit>min|sec)(?:ute|ond)?s?\b)?"
)
_LENGTH = (
    rf"(?P<half>half an? )?{_COUNT} ?(?:an? )?(?P<tail>and a half )?{_UNIT}{_REST}"
)
_DAY_NAME = (
    r"(?P<day>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?"
    r"|fri(?:day)?|saturday|sunday)s?\b"
)
_ANY_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH_NAME = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_MONTH = _MONTH_NAME.replace("?P<month>", "?:")
_ORDINAL = r"(?P<date>[0-3]?\d)(?:st|nd|rd|th)?\b"
_BY = r"(?:\b(?:at|by|before|until|till|around|about|from|after|@) ?)?"
_SMALL_HOUR = rf"(?P<hour>1[0-2]|[1-9]|{_NUMBER_WORD})"


def _rule(pattern: str, build: Build) -> Rule:
    return Rule(re.compile(pattern), build)


def _english(words: tuple[str, ...] | list[str]) -> str:
    return alternation([word for word in words if word.isascii()])


_HOLIDAY = _english([name for name in _HOLIDAYS["rules"] if not name.isdigit()])

RULES: tuple[Rule, ...] = (
    _rule(
        rf"{_BY}(?<![\w:.])(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))?"
        r" ?(?P<half>[ap])\.?m\b\.?",
        read.read_twelve_hour,
    ),
    _rule(
        rf"{_BY}\b(?P<hour>{_NUMBER_WORD})(?: (?P<minute>{_NUMBER_WORD}))?"
        r" ?(?P<half>[ap])\.?m\b\.?",
        read.read_twelve_hour,
    ),
    _rule(
        r"\b(?:at|by|before|until|till|around|about|from|after|@) ?"
        rf"{_SMALL_HOUR}(?: (?P<minute>fifteen|thirty|forty-five|twenty|forty))?"
        rf"\b{_NO_HOUR}",
        read.read_bare_hour,
    ),
    _rule(rf"(?<=between ){_SMALL_HOUR}(?= and )", read.read_bare_hour),
    _rule(rf"(?<= and ){_SMALL_HOUR}\b{_NO_HOUR}", read.read_hour_of_between),
    _rule(
        rf"\b(?<![:.]){_SMALL_HOUR}"
        r"(?= (?:in the (?:morning|afternoon|evening)|at night|tonight)\b)",
        read.read_bare_hour,
    ),
    _rule(rf"\b{_SMALL_HOUR} ?o'?clock\b", read.read_bare_hour),
    _rule(
        r"\b(?P<n>half|(?:a )?quarter|five|ten|twenty) (?P<side>past|to|til) "
        rf"{_SMALL_HOUR}\b",
        read.read_spoken_clock,
    ),
    _rule(r"\b(?:at )?(?:noon|midday|midnight)\b", read.read_fixed_clock),
    _rule(
        r"\b(?:the )?day after tomorrow\b",
        lambda _match: Parts(days=2),
    ),
    _rule(
        rf"\b(?:{_english(list(read.DAYS))})\b",
        lambda match: Parts(days=read.DAYS[match[0]]),
    ),
    _rule(r"\blast night\b", lambda _match: Parts(days=-1, part="night")),
    _rule(r"\btonight\b", lambda _match: Parts(days=0, part="night")),
    _rule(
        r"\bthis (?P<part>morning|afternoon|evening)\b",
        lambda match: Parts(days=0, part=match["part"]),
    ),
    _rule(
        r"(?<=tomorrow )(?P<part>morning|afternoon|evening|night)\b",
        lambda match: Parts(part=match["part"]),
    ),
    _rule(
        r"(?<!good )(?<!game )(?<!movie )(?<!date )(?<!quiz )(?<!poker )"
        r"\b(?:(?:in|at|during) (?:the )?)?"
        r"(?P<part>morning|afternoon|evening|night)s?\b"
        r"(?! (?:tea|run|show|club|shift|market|off))",
        lambda match: Parts(part=match["part"]),
    ),
    _rule(
        r"\b(?:on |by )?(?:the )?(?P<nth>first|second|third|fourth|last)"
        r"(?: (?P<day>day|weekend|week|(?:mon|tues|wednes|thurs|fri|satur|sun)day))?"
        rf"(?= (?:of|in) (?:the month|(?:each|every|next|this) month|{_MONTH}))",
        read.read_nth,
    ),
    _rule(
        r"\b(?:(?:on|by|before) )?"
        rf"(?:(?P<shift>next|this|last|every other|every|each|coming) )?{_DAY_NAME}",
        read.read_weekday,
    ),
    _rule(
        r"\b(?P<shift>next|this|last|every|on) (?P<day>sat|sun)\b", read.read_weekday
    ),
    _rule(
        rf"\b(?:(?:on )?(?:every|each) {_ANY_DAY}(?:(?:,|,? and) {_ANY_DAY}){{1,6}}"
        rf"|(?:on )?{_ANY_DAY}s(?:(?:,|,? and) {_ANY_DAY}s){{1,6}})\b",
        read.read_every_weekday,
    ),
    _rule(
        r"\b(?:(?:on|over|at) (?:the )?)?"
        r"(?:(?P<shift>next|this|last|every) )?weekends?\b",
        read.read_weekend,
    ),
    _rule(
        r"\b(?:(?:(?:later|earlier|some ?time|any ?time)(?: in)?"
        r"|(?:early|late)(?= \w+ week)) )?"
        r"(?P<shift>next|this|last) (?P<unit>week|month|year)\b",
        read.read_shifted,
    ),
    _rule(
        r"\b(?:the )?week(?P<end>end)? after next\b",
        read.read_week_after_next,
    ),
    _rule(
        r"\b(?:in )?(?P<section>early|mid|late)[ -](?:(?P<this>this|the) month"
        rf"|(?P<next>next) month|{_MONTH_NAME})",
        read.read_month_section,
    ),
    _rule(
        r"\b(?:(?P<shift>next|this|last) )(?P<name>spring|summer|fall|autumn|winter)\b",
        read.read_season,
    ),
    _rule(
        r"\b(?P<shift>)in (?:the )?(?P<name>spring|summer|fall|autumn|winter)\b",
        read.read_season,
    ),
    _rule(
        rf"\b(?:the |(?P<n>an?|\d|{_NUMBER_WORD}) )(?P<unit>days?|weeks?|nights?)"
        r" (?P<side>before|after|from) (?=(?:next |this )?(?:[mtwfs]\w{2,5}day\b"
        rf"|tomorrow|today|{_HOLIDAY}))",
        read.read_days_away,
    ),
    _rule(
        r"\b(?:at )?(?:this|the same|same) time"
        r" (?=(?:on )?(?:tomorrow|next|[mtwfs]\w{2,5}day))",
        lambda _match: Parts(same_clock=True),
    ),
    _rule(
        r"\b(?:before|after|at|during) (?:the )?"
        rf"(?:{_english(split_words(_WORDS['anchors']['words']))})(?:time)?\b",
        lambda match: Parts(anchor=match[0]),
    ),
    _rule(
        r"\b(?:in |for |within )?(?:a few|several) "
        r"(?:minutes|hours|days|weeks|months|years)\b",
        lambda match: Parts(fuzzy=match[0]),
    ),
    _rule(
        r"\b(?:in |from )?the (?:(?:19|20)?[1-9]0)'?s\b",
        lambda match: Parts(fuzzy=match[0]),
    ),
    _rule(
        r"\b(?:by |at |before )?(?:the )?end of (?:the |this |(?P<next>next ))?"
        r"(?P<unit>day|week|month|year)\b",
        read.read_end,
    ),
    _rule(
        rf"\b(?:on )?{_MONTH_NAME} {_ORDINAL}(?!:)(?:,? (?P<year>20\d\d)\b)?",
        read.read_date,
    ),
    _rule(
        rf"\b(?:on )?(?:the )?{_ORDINAL} (?:of )?{_MONTH_NAME}"
        r"(?:,? (?P<year>20\d\d)\b)?",
        read.read_date,
    ),
    _rule(
        r"(?<=[-–—~ ])(?P<date>[0-3]?\d)(?:st|nd|rd|th)?\b(?![:/-])", read.read_last_day
    ),
    _rule(
        r"\b(?:in|of) (?P<month>january|february|march|april|may|june|july|august"
        r"|september|october|november|december)\b",
        read.read_date,
    ),
    _rule(
        r"\b(?:on |by |before )?the (?P<date>[0-3]?\d)(?:st|nd|rd|th)\b"
        r"(?! (?:floor|street|time))",
        read.read_ordinal,
    ),
    _rule(
        r"\b(?:(?:in|over|for|during) )?the next (?P<unit>hou|min|day)(?:r|ute)?\b",
        read.read_coming_unit,
    ),
    _rule(
        rf"\b(?:(?:in|over|for|during) )?(?:the )?(?:next|coming) {_LENGTH}",
        read.read_throughout,
    ),
    _rule(rf"\bin {_LENGTH}(?! ago)", read.read_offset(1)),
    _rule(rf"\b{_LENGTH} (?:from now|from today|later)\b", read.read_offset(1)),
    _rule(rf"\b{_LENGTH} ago\b", read.read_offset(-1)),
    _rule(rf"\bwithin (?:the next )?{_LENGTH}", read.read_within),
    _rule(rf"(?<!once )(?<!twice )(?<!times )\b(?:for )?{_LENGTH}", read.read_duration),
    _rule(
        rf"\b(?:every|each) (?:(?P<n>other|\d{{1,2}}|{_NUMBER_WORD}) )?"
        r"(?P<unit>minutes?|hours?|days?|weeks?|months?|years?"
        r"|morning|afternoon|evening|night|weekdays?|workdays?)\b",
        read.read_every,
    ),
    _rule(r"\b(?:on )?(?:weekdays|workdays)\b", read.read_workdays),
    _rule(r"\bweekday (?=mornings?|afternoons?|evenings?)", read.read_workdays),
    _rule(r"\b(?:hourly|daily|weekly|monthly|yearly|annually)\b", read.read_frequency),
    _rule(
        rf"\b(?:on )?(?P<name>{_HOLIDAY})\b", lambda match: Parts(holiday=match["name"])
    ),
    _rule(
        rf"\b(?:{_english(split_words(_WORDS['fuzzy']['later']))})\b",
        lambda match: Parts(fuzzy=match[0]),
    ),
    _rule(
        rf"\b(?:{_english(split_words(_WORDS['fuzzy']['now']))})\b",
        lambda match: Parts(fuzzy=match[0]),
    ),
)
