"""The patterns of Chinese words of time."""

import re
from collections.abc import Iterable

from tasks_app.inference.local.times import chinese_readings as read
from tasks_app.inference.local.times.model import Parts
from tasks_app.inference.local.times.numerals import CHINESE
from tasks_app.inference.local.times.rules import Build, Rule
from tasks_app.inference.local.wordlists import alternation, load_data, split_words

_WORDS = load_data("times.toml")
_HOLIDAYS = load_data("holidays.toml")
_TRAPS = {key: alternation(split_words(text)) for key, text in _WORDS["traps"].items()}


def _chinese(words: Iterable[str]) -> str:
    return alternation([word for word in words if not word.isascii()])


_DIGIT = "一二三四五六七八九"
_N = rf"(?:\d{{1,2}}|[{CHINESE}]{{1,3}})"
# A number starts here; the 三 of 周三三点 does not belong to the number behind it.
_AT = rf"(?:(?<![\d{CHINESE}百千万第.:/周期拜])|(?<=[周期拜][{_DIGIT}日]))"
_WEEK = r"(?:周|星期|礼拜)"
_SHIFT = r"(?<!一)(?P<shift>下下|上上|下|上|这|本)(?:一?个)? ?"
_SECTION = r"(?P<part>底|末|初|中旬|上旬|下旬)"
_UNIT = (
    r"(?P<unit>小 ?时(?!候|工)|钟头|分 ?钟|刻钟|秒钟?|个?工作日|"
    r"天(?!气|然|猫|空|津|河|地|堂|台|桥|鹅|才|王|使|坛|文|平)|日(?!本|语|常|报|志|程|用|元)|"
    rf"周(?!年|报|会|边|末|例|刊|[{_DIGIT}日])|星期(?![{_DIGIT}日天])|礼拜(?![{_DIGIT}日天])|"
    r"月(?!饼|经|亮|光|嫂|子|薪|票|卡|台|考|季)|季度|"
    r"年(?!级|代|夜|货|糕|轻|龄|画|味|终|会|报|假|检|费|卡|轮)|晚(?!上|饭|会|餐|点|安|报|霞))"
)
_BEFORE = r"(?:之前|以前|前(?!面|台|夫|妻|任|边|排|往|进|后|端|景|男|女))"
_AFTER = r"(?:之后|以后|过后|后(?!面|边|来|门|台|背|期|勤|院|排|备|续|天|年|日))"

_CLOCK = (
    rf"{_AT}(?P<hour>{_N}) ?(?:[点點]钟?|时(?![间候代常不髦尚刻而光差]))"
    r" ?(?:(?P<half>半)(?!个|小时|天|年)|(?P<quarter>[一三13])刻钟?|过?(?P<minute>"
    rf"[零〇][{_DIGIT}]|[一二三四五]?十[{_DIGIT}]?|[0-5]\d(?!\d)|[\d{_DIGIT}](?=分))分?(?!钟)"
    r"|整|)(?:左右|多钟?|来钟)?"
    rf"(?! ?(?:{_TRAPS['after_clock']}))"
    rf"(?![\d{_DIGIT}两]半?(?: ?(?:{_TRAPS['decimal_units']})|[\s，。,!！?？]|$))"
)
_LENGTH = (
    rf"(?:(?<![\d{CHINESE}百千万第.:/])|(?<=[周期拜][{_DIGIT}日]))"
    r"(?:(?P<over>再?过|再等|等)了? ?)?(?P<lead>提前|提早|早)?"
    r"(?P<n>\d{1,4}(?:\.\d)?|[一二两三四五六七八九十百半几]{1,4}|数) ?(?P<half>个半)?"
    rf"个?多? ?{_UNIT}(?P<tail>半)?(?:的?时间)? ?"
    rf"(?:(?P<after>{_AFTER})|(?P<within>之内|以内|内|里(?!面))|(?P<before>{_BEFORE}))?"
)
_EVERY = (
    r"(?:每(?=.)|(?=隔))(?P<skip>隔)? ?"
    r"(?P<n>\d{1,3}|[一二两三四五六七八九十半]{1,3})? ?个? ?"
    r"(?P<unit>小 ?时|分 ?钟|秒钟?|刻钟|天|日|[早晚]上?"
    r"|周|星期|礼拜|月|季度?|年|工作日)"
)
_MONTH_TAIL = (
    rf"(?! ?[\d{CHINESE}]?[天饼经亮光嫂子薪费结票卡台考报季])(?: ?(?P<day>{_N})"
    rf"(?: ?[号號日](?! ?(?:{_TRAPS['after_day_number']}))"
    rf"|(?![\d{CHINESE}点個个人份块元次天年月周件本套只条位名:.])))?"
)
_DIGITAL = (
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-4])[:：](?P<minute>[0-5]\d)"
    r"(?:[:：](?P<second>[0-5]\d))?(?![\d:])"
)
_PLAIN_HOLIDAYS = _chinese(
    [name for name in _HOLIDAYS["rules"] if name not in _HOLIDAYS["ambiguous"]["names"]]
)
_HOLIDAY_TAIL = r"(?:节(?![目约省奏])|小?长?假期?|当天|那天)?"
_NOT_GOODS = r"(?!礼物|树|老人|帽|贺卡|月饼|粽子|蛋糕|歌|衣服)"


def _anchor(match: re.Match[str]) -> Parts:
    return Parts(anchor=match[0])


def _fuzzy(match: re.Match[str]) -> Parts:
    return Parts(fuzzy=match[0])


def _part(match: re.Match[str]) -> Parts:
    return Parts(part=match["part"])


def _day_word(match: re.Match[str]) -> Parts:
    return Parts(days=_WORDS["days"][match[0]])


def _rule(pattern: str, build: Build) -> Rule:
    return Rule(re.compile(pattern), build)


RULES: tuple[Rule, ...] = (
    _rule(_CLOCK, read.read_clock),
    _rule(
        rf"差(?P<n>{_N}) ?(?P<unit>刻|分)钟?(?:到|就)?(?P<hour>{_N})[点點]",
        read.read_clock_to,
    ),
    _rule(
        rf"{_AT}(?P<hour>{_N})[点點]差(?P<n>{_N}) ?(?P<unit>刻|分)",
        read.read_clock_to,
    ),
    _rule(_DIGITAL, read.read_digital),
    _rule(
        r"(?<=上午|下午|早上|晚上|中午|凌晨)(?P<hour>\d{1,2})(?P<minute>[0-5]\d)(?!\d)",
        read.read_digital,
    ),
    _rule(
        r"(?<!\d)(?P<year>20\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        read.read_date,
    ),
    _rule(
        r"(?<![\d/.])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\d/]|[杯份勺])",
        read.read_date,
    ),
    _rule(
        rf"(?<!\d)(?P<year>\d{{4}}|[二两][零〇{_DIGIT}]{{3}}) ?年 ?"
        rf"(?P<month>{_N}) ?月份?" + _MONTH_TAIL,
        read.read_date,
    ),
    _rule(
        rf"(?<!\d)(?P<year>[12]\d{{3}}|二[零〇{_DIGIT}]{{3}}) ?年(?!级|代)",
        read.read_year,
    ),
    _rule(rf"{_AT}(?P<month>{_N}) ?月份?" + _MONTH_TAIL, read.read_date),
    _rule(
        rf"{_AT}(?P<day>{_N}) ?(?:[号號](?! ?(?:{_TRAPS['after_day_number']}))"
        r"|日(?!游|本|语|元|常|报|后|内|之|以))",
        read.read_day_number,
    ),
    _rule(
        rf"(?:农历|阴历|旧历)(?P<month>正|冬|腊|{_N})月 ?(?:初?(?P<day>{_N}))?",
        read.read_lunar,
    ),
    _rule(rf"(?P<month>正|冬|腊)月(?:初?(?P<day>{_N}))?", read.read_lunar),
    _rule(r"(?<![年最当起月])初(?P<day>[四五六七八九十])(?![中级])", read.read_lunar),
    _rule(
        r"(?<![年最当起月上读升念])初(?P<day>[一二三])(?=[去回早晚上下那拜走到]|$)",
        read.read_lunar,
    ),
    _rule(
        rf"(?P<name>{_PLAIN_HOLIDAYS}){_HOLIDAY_TAIL}{_NOT_GOODS}", read.read_holiday
    ),
    _rule(
        rf"(?P<name>{alternation(_HOLIDAYS['ambiguous']['names'])}){_HOLIDAY_TAIL}{_NOT_GOODS}",
        read.read_ambiguous_holiday,
    ),
    _rule(
        rf"(?<![\d{CHINESE}半几多今明去后新成往])年(?=前(?!夜))",
        read.read_new_year_eve_of_year,
    ),
    _rule(
        r"(?P<shift>去|今|明|后|本)年(?!级|轻|糕)(?P<part>底|末|初|中(?!国|学))?",
        read.read_year_offset,
    ),
    _rule(
        r"(?P<shift>)(?<![\d一二三四五六七八九十半])年(?P<part>底|末|初)",
        read.read_year_offset,
    ),
    _rule(_SHIFT + rf"月(?!饼|球|亮|光|台|票){_SECTION}?", read.read_month_offset),
    _rule(
        rf"(?P<shift>)(?<![\d{CHINESE}个])月{_SECTION}(?!旬)", read.read_month_offset
    ),
    _rule(rf"{_AT}(?P<month>{_N})月份?{_SECTION}", read.read_named_month_part),
    _rule(r"(?<=月)的?最后一天", read.read_last_day),
    _rule(_SHIFT + r"季度", _fuzzy),
    _rule(_SHIFT + rf"{_WEEK}(?![{_DIGIT}日天末\d几])", read.read_week),
    _rule(
        rf"(?:{_SHIFT})?(?<![\d一二两三四五六七八九十几半每]){_WEEK} ?"
        rf"(?P<day>末|六日|[{_DIGIT[:6]}日天](?![次回趟遍])|[1-6](?!\d))",
        read.read_weekday,
    ),
    _rule(
        rf"(?:每(?:个|逢|到)?|逢) ?{_WEEK}(?P<days>末|[{_DIGIT[:6]}日天](?![次回趟遍])"
        rf"(?:[、和及]?(?:周|星期)?[{_DIGIT[:6]}日天末](?![点點起定直个号次十])){{0,6}})",
        read.read_every_weekday,
    ),
    _rule(_EVERY, read.read_every),
    _rule(r"天天(?!向上|气)|日复一日", read.read_daily),
    _rule(r"工作日", read.read_workdays),
    _rule(
        r"(?P<day>今|明|昨|当|次|后)(?P<part>早上?|晨|晚上?|夜|午)(?![餐饭宴报])",
        read.read_day_and_part,
    ),
    _rule(rf"(?:{_chinese(_WORDS['days'])})(?!气)", _day_word),
    _rule(
        rf"(?:这个 ?)?(?P<part>{_chinese(_WORDS['parts'])})"
        r"(?!好(?:$|[\s啊呀，。！!,])|茶)",
        _part,
    ),
    _rule(
        r"(?<=[一二三四五六日天末号节明])[早晚](?![会饭餐宴点安报班教茶操市自起退睡])|"
        rf"[早晚](?=(?!一点){_N} ?[点點:：])",
        read.read_near_part,
    ),
    _rule(_LENGTH, read.read_length),
    _rule(
        rf"(?:{alternation(split_words(_WORDS['anchors']['words']))})(?:{_BEFORE}|{_AFTER}|的?时候)"
        r"|[早午晚][饭餐]时间",
        _anchor,
    ),
    _rule(_chinese(split_words(_WORDS["fuzzy"]["now"])), _fuzzy),
    _rule(_chinese(split_words(_WORDS["fuzzy"]["later"])), _fuzzy),
)
