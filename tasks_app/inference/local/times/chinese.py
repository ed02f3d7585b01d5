"""The patterns of Chinese words of time."""

import re
from collections.abc import Iterable

from tasks_app.inference.local.times import chinese_dates as dates
from tasks_app.inference.local.times import chinese_readings as read
from tasks_app.inference.local.times.model import Parts
from tasks_app.inference.local.times.numerals import CHINESE
from tasks_app.inference.local.times.rules import Build, Rule
from tasks_app.inference.local.wordlists import alternation, load_data, split_words

_WORDS = load_data("times.toml")
_HOLIDAYS = load_data("holidays.toml")
_TRAPS = {key: alternation(split_words(text)) for key, text in _WORDS["traps"].items()}

_NOT_NUMBERED = rf"(?! ?(?!{_TRAPS['day_things']})(?:{_TRAPS['after_day_number']}))"


def _chinese(words: Iterable[str]) -> str:
    return alternation([word for word in words if not word.isascii()])


_DIGIT = "一二三四五六七八九"
_N = rf"(?:\d{{1,2}}|[{CHINESE}]{{1,3}})"
# A number starts here; the 三 of 周三三点 does not belong to the number behind it.
_AT = rf"(?:(?<![\d{CHINESE}百千万第.:/周期拜])|(?<=[周期拜][{_DIGIT}日]))"
_WEEK = r"(?:周|星期|礼拜)"
_SHIFT = r"(?<!一)(?P<shift>下下|上上|下|上|这|本)(?:一?个|一(?=[周星礼月季]))? ?"
_SECTION = r"(?P<part>底|末|初|中旬|上旬|下旬|中(?![国学介午秋心间文餐药医考奖旬]))"
_OF_MONTH = r"(?:(?<=月)|(?<=月的)|(?<=月份)|(?<=月份的)|(?<=月 )|(?<=月后的))"
_WEEK_START = (
    r"(?:(?<![\d一二两三四五六七八九十几半每隔])"
    # 科目三, 项目二 are names.
    rf"|(?<=[周期拜][{_DIGIT[:6]}日天])|(?<=目[{_DIGIT}]))"
)
# The half of 七点半 is the hour's own unless it makes a length: 七点半天假.
_HALF_OF_LENGTH = (
    r"(?:个(?:多|小时|钟头|月|星期|礼拜|工作日)|小时(?!候|工)"
    r"|[天年](?=假|的|时间|左右|[班课工](?![作程])|[\s，。,!！?？]|$))"
)
_UNIT = (
    rf"(?P<unit>小 ?时(?!候|工)|钟头|分 ?钟|分(?= ?[\d{CHINESE}]{{1,3}} ?秒)|刻钟|"
    r"秒钟?|个?工作日|"
    r"天(?!气|然|猫|空|津|河|地|堂|台|桥|鹅|才|王|使|坛|文|平)|日(?!本|语|常|报|志|程|用|元)|"
    rf"周(?!年|报|会|边|末|例|刊|[{_DIGIT}日])|星期(?![{_DIGIT}日天])|礼拜(?![{_DIGIT}日天])|"
    r"月(?!饼|经|亮|光|嫂|子|薪|票|卡|台|考|季)|季度|"
    r"年(?!级|代|夜|货|糕|轻|龄|画|味|终|会|报|假|检|费|卡|轮)|晚(?!上|饭|会|餐|点|安|报|霞))"
)
_BEFORE = r"(?:之前|以前|前(?!面|台|夫|妻|任|边|排|往|进|后|端|景|男|女))"
_AFTER = r"(?:之后|以后|过后|后(?!面|边|来|门|台|背|期|勤|院|排|备|续|天|年|日|悔))"

_CLOCK = (
    rf"{_AT}(?<![这哪])(?<!以下)(?<!上述)(?P<hour>{_N})"
    r" ?(?:[点點]钟?|时(?![间候代常不髦尚刻而光差]))"
    rf" ?(?:(?P<half>半)(?!{_HALF_OF_LENGTH})|(?P<quarter>[一三13])刻钟?|过?(?P<minute>"
    rf"[零〇][{_DIGIT}]|[一二三四五]?十[{_DIGIT}]?|[0-5]\d(?!\d)|[\d{_DIGIT}](?=分))分?(?!钟)"
    r"|整|)(?:左右|多钟?|来钟)?"
    rf"(?! ?(?:{_TRAPS['after_clock']}))"
    rf"(?![\d{_DIGIT}两]半?(?: ?(?:{_TRAPS['decimal_units']})|[\s，。,!！?？]|$))"
)
_FEW = rf"(?:\d{{1,2}}|[{_DIGIT}十]{{1,3}})"
# The minutes behind hours and the like; elsewhere only where a word joins them,
# since 一天三小时 says how long each day.
_REST = (
    rf"(?:(?:(?<=[时头])(?= ?零?{_FEW} ?[分刻])|(?<=[分钟])(?= ?零?{_FEW} ?秒)"
    rf"|(?<=年)(?= ?零?{_FEW} ?个月)|(?=零|又)) ?[零又]?(?P<rest>{_FEW}) ?个?"
    r"(?P<rest_unit>小时|分 ?钟?|刻钟|秒钟?|月|天|周))?"
)
_LENGTH = (
    rf"(?:(?<![\d{CHINESE}百千万第.:/])|(?<=[周期拜][{_DIGIT}日]))"
    r"(?:(?P<over>再?过了?|再等|等(?!了)) ?)?(?P<lead>提前|提早|早)?"
    r"(?P<coming>(?:未来|接下来|今后|往后|从?(?:现在|今天)(?:起|开始))的?这? ?)?"
    r"(?P<n>\d{1,4}(?:\.\d)?|[一二两三四五六七八九十百半几]{1,4}|数) ?(?P<half>个半)?"
    rf"个?多? ?{_UNIT}(?P<tail>半)?{_REST}(?:的?时间)? ?"
    rf"(?:(?P<after>{_AFTER})|(?P<within>之内|以内|内|里(?!面))|(?P<before>{_BEFORE}))?"
)
_DOSE = (
    r"[吃喝用服打测量擦涂抹滴喷敷换喂遛走跑做洗刷练]?"
    rf"(?:\d|[{_DIGIT}两几]) ?[次回遍顿趟片粒颗]"
)
_SEVERAL_PARTS = _chinese(
    [name for name, part in _WORDS["parts"].items() if "each" in part]
)
_PARTS = _chinese(
    [name for name, part in _WORDS["parts"].items() if "each" not in part]
)
_EVERY = (
    r"(?:每(?=.)|(?=隔))(?P<skip>隔)? ?"
    r"(?P<n>\d{1,3}|[一二两三四五六七八九十半]{1,3})? ?个? ?"
    rf"(?P<unit>小 ?时|分 ?钟|秒钟?|刻钟|天|日|{_PARTS}|[早晚]"
    r"|周|星期|礼拜|月|季度?|年|工作日)"
)
_MONTH_TAIL = (
    rf"(?! ?[\d{CHINESE}]?[天饼经亮光嫂子薪费结票卡台考报季])(?: ?(?P<day>{_N})"
    rf"(?: ?[号號日]{_NOT_NUMBERED}"
    rf"|(?![\d{CHINESE}点個个人份块元次天年月周件本套只条位名:.])))?"
)
_DIGITAL = (
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-4])[:：](?P<minute>[0-5]\d)"
    r"(?:[:：](?P<second>[0-5]\d))?(?![\d:])"
)
_PLAIN_HOLIDAYS = _chinese(
    [name for name in _HOLIDAYS["rules"] if name not in _HOLIDAYS["ambiguous"]["names"]]
)
_HOLIDAY_TAIL = r"(?:节(?![目约省奏]))?(?:小?长?假期?|黄金周|当天|当日|那天)?"
_NOT_GOODS = rf"(?!{_TRAPS['after_holiday']})"
_SEASON = _chinese(_WORDS["seasons"])
_NOT_OF_SEASON = rf"(?!的?(?:{_TRAPS['after_season']}))"
# The day itself said again behind a date or a holiday.
_DAY_SAID = rf"(?:(?<=[号日节旦夕诞秋午阳夜末])|(?<=[周期拜初][{_DIGIT}十日天]))"
_ANCHORS = split_words(_WORDS["anchors"]["words"])
_ANCHOR_TAIL = rf"(?:{_BEFORE}|{_AFTER}|的?时候|时分?(?![间候代尚装光速差刻]))"


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
        dates.read_date,
    ),
    _rule(
        r"(?<![\d/.])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\d/]|[杯份勺])",
        dates.read_date,
    ),
    _rule(
        rf"(?<!\d)(?P<year>\d{{4}}|[二两][零〇{_DIGIT}]{{3}}) ?年 ?"
        rf"(?P<month>{_N}) ?月份?" + _MONTH_TAIL,
        dates.read_date,
    ),
    _rule(
        rf"(?<!\d)(?P<year>[12]\d{{3}}|二[零〇{_DIGIT}]{{3}}) ?年(?!级|代)",
        dates.read_year,
    ),
    _rule(rf"{_AT}(?P<month>{_N}) ?月份?" + _MONTH_TAIL, dates.read_date),
    _rule(
        rf"{_AT}(?P<day>{_N}) ?(?:[号號]{_NOT_NUMBERED}"
        r"|日(?!游|本|语|元|常|报|后|内|之|以))",
        dates.read_day_number,
    ),
    _rule(
        rf"(?:农历|阴历|旧历)(?P<month>正|冬|腊|{_N})月 ?(?:初?(?P<day>{_N}))?",
        dates.read_lunar,
    ),
    _rule(
        rf"{_AT}(?P<month>{_N})月初(?P<day>[{_DIGIT}十])(?![{CHINESE}个点次天])",
        dates.read_lunar,
    ),
    _rule(rf"(?P<month>正|冬|腊)月(?:初?(?P<day>{_N}))?", dates.read_lunar),
    _rule(r"(?<![年最当起月])初(?P<day>[四五六七八九十])(?![中级])", dates.read_lunar),
    _rule(
        r"(?<![年最当起月上读升念])初(?P<day>[一二三])(?=[去回早晚上下那拜走到]|$)",
        dates.read_lunar,
    ),
    _rule(
        rf"(?P<name>{_PLAIN_HOLIDAYS}){_HOLIDAY_TAIL}{_NOT_GOODS}", dates.read_holiday
    ),
    _rule(
        rf"(?P<name>{alternation(_HOLIDAYS['ambiguous']['names'])}){_HOLIDAY_TAIL}{_NOT_GOODS}",
        dates.read_ambiguous_holiday,
    ),
    _rule(
        rf"(?<![\d{CHINESE}百千万亿半几多数干今明去后新成往当同])年"
        r"(?=[前后](?!夜|[面边来门台背期续]))",
        dates.read_new_year_of_year,
    ),
    _rule(
        rf"(?P<name>{_SEASON}){_NOT_OF_SEASON}",
        dates.read_season,
    ),
    _rule(
        r"(?P<shift>去|今|明)(?P<name>[春夏秋冬])(?![天季])",
        dates.read_season,
    ),
    _rule(r"(?<![一二三四两几\d每个上下这本])季度?(?P<part>末|底)", dates.read_quarter),
    _rule(r"第?(?P<n>[一二三四1-4])季度(?P<part>末|底|初)?", dates.read_quarter),
    _rule(_SHIFT + r"季度(?P<part>末|底|初)?", dates.read_quarter),
    _rule(
        r"每个?(?P<unit>月|季度?|年(?=年?[底末初中]))年?"
        r"(?P<part>底|末|初|[中上下]旬|中(?![国学午秋元考]))",
        read.read_every_section,
    ),
    _rule(
        r"(?P<shift>去|今|明|后|本)年(?!级|轻|糕)(?P<part>底|末|初|中(?![国学级秋元考]))?",
        dates.read_year_offset,
    ),
    _rule(
        r"(?P<shift>)(?<![\d一二三四五六七八九十半])年(?P<part>底|末|初|中(?![国学级秋元考]))",
        dates.read_year_offset,
    ),
    _rule(_SHIFT + rf"月(?!饼|球|亮|光|台|票){_SECTION}?", dates.read_month_offset),
    _rule(
        rf"(?P<shift>)(?<![\d{CHINESE}个])月{_SECTION}(?!旬)", dates.read_month_offset
    ),
    _rule(rf"{_AT}(?P<month>{_N})月份?{_SECTION}", dates.read_named_month_part),
    _rule(
        r"(?<![\d一二两三四五六七八九十半几多近数百千万每])年(?=内)",
        dates.read_this_year,
    ),
    _rule(
        r"(?<![\d一二两三四五六七八九十半几多近数个上下这本坐每])月(?=内)",
        dates.read_this_month,
    ),
    _rule(
        rf"{_OF_MONTH}(?:第(?P<nth>[{_DIGIT[:5]}1-5])|最后一)个?"
        rf"(?P<unit>工作日|{_WEEK}(?P<day>[{_DIGIT[:6]}日天末])?|天|日)",
        dates.read_nth,
    ),
    _rule(
        rf"(?<![目以之眼提])前(?:夜|夕(?!阳)|(?P<n>[{_DIGIT}两]|\d{{1,2}})"
        r"(?:天|日|晚|个?(?P<unit>周|星期|礼拜)))",
        dates.read_days_ahead,
    ),
    _rule(rf"{_DAY_SAID}的?(?:当天|当日|当晚|那天|那一天)", dates.read_that_day),
    _rule(r"下一?个(?:小时|钟头)", read.read_coming_hour),
    _rule(
        r"(?:这个|此|同一个?|同样的?)(?:时候|时间|点儿?(?![子心评赞])|钟点|时刻)|这会儿",
        lambda _match: Parts(same_clock=True),
    ),
    _rule(
        r"(?:[上本]个?世纪|20世纪|二十世纪)?(?:[二三四五六七八九]十|(?:[12]\d)?[1-9]0)年代",
        _fuzzy,
    ),
    _rule(_SHIFT + rf"{_WEEK}(?![{_DIGIT}日天末\d几])", dates.read_week),
    _rule(
        rf"(?:{_SHIFT})?{_WEEK_START}{_WEEK} ?"
        rf"(?P<day>末|六日|[{_DIGIT[:6]}日天](?![次回趟遍])|[1-6](?!\d))",
        dates.read_weekday,
    ),
    _rule(
        rf"{_WEEK_START}{_WEEK}(?P<days>[{_DIGIT[:6]}日]"
        rf"(?:(?:[、和][{_DIGIT[:6]}日]){{1,5}}|[{_DIGIT[:6]}日]{{2,5}}))(?![点點起定直个号次十周])",
        read.read_every_weekday,
    ),
    _rule(
        rf"(?:(?P<skip>每?隔(?:一?个)?|每[两2]个?)|每(?:个|逢|到)?|逢)"
        rf" ?{_WEEK}(?P<days>末|[{_DIGIT[:6]}日天](?![次回趟遍])"
        rf"(?:[、和及]?(?:周|星期)?[{_DIGIT[:6]}日天末](?![点點起定直个号次十])){{0,6}})",
        read.read_every_weekday,
    ),
    _rule(_EVERY, read.read_every),
    _rule(
        r"(?P<unit>天天(?!向上|气)|日复一日|日日|夜夜|周周|月月(?!红)|年年(?!有余))",
        read.read_each,
    ),
    _rule(
        rf"(?<![第\d{CHINESE}])[一1]个?(?P<unit>天|日|周|星期|礼拜|月|年)"
        rf" ?(?={_DOSE})",
        read.read_each,
    ),
    _rule(r"工作日", read.read_workdays),
    _rule(r"双休日(?!制)", lambda _match: Parts(weekdays=dates.WEEKEND)),
    _rule(
        r"(?P<day>今|明|昨|当|次|后)(?P<part>早上?|晨|晚上?|夜|午)(?![餐饭宴报])",
        read.read_day_and_part,
    ),
    _rule(rf"(?:{_chinese(_WORDS['days'])})(?![气性])", _day_word),
    _rule(
        rf"(?:这个 ?)?(?!(?<=[周期拜])一)(?P<part>{_PARTS})"
        r"(?!好(?:$|[\s啊呀，。！!,])|茶)",
        _part,
    ),
    _rule(
        r"(?<=[一二三四五六日天末号节明])"
        r"(?!早一点|(?<=[天日])晚一点(?![半钟整\d零一二三四五十]))"
        r"[早晚](?![晚中会饭餐宴点安报班教茶操市自起退睡些已就日年期先该知恋熟产])|"
        rf"[早晚](?=(?!一点){_N} ?[点點:：])",
        read.read_near_part,
    ),
    _rule(
        rf"(?<=[天日号末{_DIGIT[:6]}])(?P<part>{_SEVERAL_PARTS})(?P<meal>饭[前后])?"
        r"(?![餐饭会班场市高点温])",
        read.read_several_parts,
    ),
    _rule(
        rf"(?P<part>{_SEVERAL_PARTS})(?:(?P<meal>饭[前后])|(?=各|分别|空腹|{_DOSE}))",
        read.read_daily_parts,
    ),
    _rule(_LENGTH, read.read_length),
    _rule(
        rf"(?:{_chinese(_ANCHORS)})(?:开始|结束)?{_ANCHOR_TAIL}"
        rf"|(?:{_chinese(word for word in _ANCHORS if len(word) > 1)})"
        rf" ?(?:\d{{1,3}}|[{_DIGIT}两十半几]{{1,3}}) ?个?半?"
        rf"(?:小时|钟头|分钟|刻钟|天|周|星期|月){_BEFORE}"
        rf"|[早午晚][饭餐]时[间分](?:{_BEFORE}|{_AFTER})?",
        _anchor,
    ),
    _rule(
        rf"(?:{_chinese(split_words(_WORDS['fuzzy']['now']))})"
        rf"(?!的?(?:{_TRAPS['after_now']}))",
        _fuzzy,
    ),
    _rule(r"(?<=[天日号周期月年])的?晚[些点]的?时候", lambda _match: Parts()),
    _rule(_chinese(split_words(_WORDS["fuzzy"]["later"])), _fuzzy),
)
