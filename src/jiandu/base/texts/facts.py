"""What a text names: persons, places, bodies, companies, projects, sums, days, numbers of people and things.

Found by patterns and surnames, so that a clerk sees what two letters have in common and what differs; the score does not
read them (`aligning` looks at what stands in the place of what).
"""

import re
from dataclasses import dataclass

from jiandu.base.texts.normal import DAY, SUM, number_of, unified
from jiandu.base.texts.scoring import SURNAMES

KINDS = ("person", "place", "body", "company", "project", "sum", "day", "number")
#: Characters that end a name to the left: they stand before names and hardly in them.
NOT_IN_NAMES = "的了在是我你您他她它们这那和与及把被向由给到对从以于不没未将让为就都也还但请望等该其说叫要找使用收拿报"
DOUBLE = "欧阳|上官|司徒|诸葛|司马|端木|令狐|濮阳|皇甫|尉迟|公孙|慕容|轩辕|宇文|长孙|鲜于|闾丘|亓官"
TITLES = (
    "书记|主任|村长|支书|会计|出纳|局长|科长|处长|校长|园长|院长|所长|站长|厂长|镇长|乡长|县长|区长|市长|队长|组长|医生|护士长|民警|法官|检察官|干部|负责人|"
    "工作人员|办事员|教师|老师|经理|董事长|老板|法人|律师|监理|村干部|委员|主席|代表|同志"
)
BEFORE = f"{TITLES}|举报|反映|控告|由|被|给|与|和|向|找|让|叫|说|是|，|。|^"
NAME = rf"(?:{DOUBLE}|[{SURNAMES}])[一-鿿㐀-䶿\U00020000-\U000323af]{{1,2}}"
PERSON = re.compile(
    rf"(?:(?<=书记)|(?<=主任)|(?<=支书)|(?<=村长)|(?<=会计)|(?<=局长)|(?<=科长)|(?<=校长)|(?<=院长)|(?<=所长)|(?<=医生)|(?<=民警)|(?<=法官)|(?<=干部)|(?<=人员)|(?<=举报)|(?<=反映)|(?<=责人)|(?<=老板)|(?<=经理))({NAME})"
)
STEM = rf"[^\W{NOT_IN_NAMES}0-9a-z]"
PATTERNS = {
    "place": re.compile(
        rf"{STEM}{{1,6}}?(?:村委会|居委会|自然村|社区|小区|花园|家园|新村|山庄|公寓|大院|名邸|村|镇|乡|街道|屯|寨|苑)"
    ),
    "body": re.compile(
        rf"{STEM}{{1,10}}?(?:局|委员会|办公室|街道办|政府|派出所|法院|检察院|医院|卫生院|学校|小学|中学|幼儿园|大队|支队|中心|管委会|供销社)"
    ),
    "company": re.compile(
        rf"{STEM}{{1,12}}?(?:有限责任公司|有限公司|公司|集团|合作社|商行|经营部|事务所|厂|矿业|养殖场|农庄|运输队)"
    ),
    "project": re.compile(rf"{STEM}{{2,12}}?(?:工程|项目|改造|建设|整治|加固|修复|硬化)"),
}
NUMBERS = re.compile(
    r"(?<![0-9a-z])(?:1[3-9][0-9]{9}|[0-9]{17}[0-9x]|[0-9]{15}|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][0-9a-z]{5,6}|0[0-9]{2,3}[0-9]{7,8})(?![0-9a-z])"
)


@dataclass(frozen=True)
class Facts:
    """What one text names, by kind, in order."""

    named: dict[str, tuple[str, ...]]

    def of(self, kind: str) -> tuple[str, ...]:
        return self.named.get(kind, ())


def facts_of(text: str) -> Facts:
    """The facts of a text; sums in yuan (元) and days in one form, whatever they were written as."""
    said = unified(text)
    named = {"person": tuple(dict.fromkeys(PERSON.findall(said)))}
    for kind, pattern in PATTERNS.items():
        named[kind] = tuple(dict.fromkeys(found[0] for found in pattern.finditer(said)))
    named["sum"] = tuple(dict.fromkeys(_yuan(found) for found in SUM.finditer(said)))
    named["day"] = tuple(dict.fromkeys(found[0] for found in DAY.finditer(said)))
    named["number"] = tuple(dict.fromkeys(NUMBERS.findall(said)))
    return Facts({kind: each for kind, each in named.items() if each})


def _yuan(found: re.Match[str]) -> str:
    value = number_of(found[1]) * (10_000 if "万" in found[2] + found[3] else 1)
    return f"{value:.10g}"


def same(one: str, other: str) -> bool:
    """Whether two names are one: equal, one within the other, or one character apart."""
    if one == other or one in other or other in one:
        return True
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) <= 1 and len(one) > 1
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(long[:k] + long[k + 1 :] == short for k in range(len(long)))


def disjoint(one: Facts, other: Facts, kinds: tuple[str, ...] = ("person", "place", "sum")) -> tuple[str, ...]:
    """The kinds of facts that both texts name without naming one in common."""

    def apart(kind: str) -> bool:
        left, right = one.of(kind), other.of(kind)
        like = _equal if kind in {"sum", "day", "number"} else same
        return bool(left and right) and not any(like(a, b) for a in left for b in right)

    return tuple(kind for kind in kinds if apart(kind))


def _equal(one: str, other: str) -> bool:
    return one == other


def guard(one: str, other: str) -> bool:
    """The facts guard by itself: no kind of person, place and sum is named by both without one in common."""
    return not disjoint(facts_of(one), facts_of(other))
