"""Companies and other units: name, unified social credit code, legal representative, address."""

import re
import unicodedata
from typing import Any

from jiandu.base.core.ids import credit_code_problem, plain_code
from jiandu.base.linkage.columns import NUMBERED, PREPARED, of_distinct, without_placeholders
from jiandu.base.linkage.names import normal_name, read_parts, simplified, spelled, split_name
from jiandu.base.linkage.schemes import Comparison, Doubt, Guard, Level, Scheme

#: Where it is registered and what form it has: half of the registers leave one or both out.
ABOVE = re.compile("^(?:中国)?(?:福建省?)?(?:厦门市?)?(?:(?:思明|湖里|集美|海沧|同安|翔安)区?)?(?=.{2})")
FORM = re.compile("(?<=.{2})(?:集团)?(?:股份|有限责任|有限|责任)*公司$")
OFFICES = "分公司|分店|分厂|分社|分行|支行|分理处|办事处|营业部|经营部|门市部|项目部|服务部|维修部|销售部"
BRANCH = re.compile(f"^(.+?(?:公司|集团|合作社|联社|银行|厂|店|院|所))(.*(?:{OFFICES}))$")
BRACKETS = re.compile(r"[()（）\[\]【】〔〕<>《》“”\"'\s,，.。、·-]")
OLD_CODE, ORGANISATION, WHOLE = "^[0-9A-Z]{8}-?[0-9X]$", "^[0-9A-Z]{9}$", "^[0-9A-Z]{18}$"

NAME = Comparison(
    "name",
    "单位名称",
    "name_l IS NULL OR name_r IS NULL",
    (
        Level("name_l = name_r", "单位名称相同", "same name", 0.6, 5e-6, ("name",), "name"),
        Level("core_l = core_r AND branch_l = branch_r", "单位名称相同（不计地名和公司形式）", "same name but for place and form", 0.25, 8e-6, ("core", "branch"), "core"),
        Level("pinyin_l = pinyin_r AND branch_l = branch_r", "单位名称同音", "homophone", 0.04, 2e-6, ("pinyin", "branch")),
        Level(
            "branch_l = branch_r AND length(core_l) > 3 AND length(core_r) > 3 AND damerau_levenshtein(core_l, core_r) = 1",
            "单位名称一字之差", "one character differs", 0.05, 2e-5,
        ),
        Level(
            "branch_l = branch_r AND least(length(core_l), length(core_r)) > 2 AND (contains(core_l, core_r) OR contains(core_r, core_l))",
            "一名称为另一名称的简称", "one name holds the other", 0.03, 1e-4,
        ),
        Level("core_l = core_r", "总机构与分支机构", "head and branch, or two branches", 0.005, 1e-5, ("core",)),
        Level("ELSE", "单位名称不同", "another name", 0.025, 0.999),
    ),
)  # fmt: skip
CODE = Comparison(
    "uscc",
    "统一社会信用代码",
    "organisation_l IS NULL OR organisation_r IS NULL",
    (
        Level("code_l = code_r", "统一社会信用代码相同", "same credit code", 0.9, 1e-9, fixed=True),
        Level("organisation_l = organisation_r", "组织机构代码相符", "same organisation code", 0.05, 1e-8, fixed=True),
        Level("NOT (checked_l AND checked_r) AND damerau_levenshtein(organisation_l, organisation_r) <= 1", "统一社会信用代码一位之差，校验不符", "one slip, a check fails", 0.035, 1e-6, fixed=True),
        Level("NOT (checked_l AND checked_r)", "统一社会信用代码不同，有一代码未过校验", "another code, one of them unchecked", 0.013, 0.1),
        Level("ELSE", "统一社会信用代码均有效而不同", "two sound codes, not the same", 0.002, 0.9, fixed=True),
    ),
)  # fmt: skip
HEAD = Comparison(
    "legal_rep",
    "法定代表人",
    "rep_l IS NULL OR rep_r IS NULL",
    (
        Level("rep_l = rep_r", "法定代表人相同", "same legal representative", 0.75, 2e-5, ("rep",), "rep"),
        Level("rep_said_l = rep_said_r", "法定代表人同音", "homophone", 0.05, 1e-5, ("rep_said",), "rep_said"),
        Level("ELSE", "法定代表人不同", "another legal representative", 0.2, 0.999),
    ),
)  # fmt: skip
ADDRESS = Comparison(
    "address",
    "地址",
    "address_l IS NULL OR address_r IS NULL",
    (
        Level("address_l = address_r", "地址相同", "same address", 0.5, 1e-4, ("address",), "address"),
        Level("door_l = door_r", "同路同号", "same road and number", 0.2, 2e-4, ("door",)),
        Level("road_l = road_r", "同路或同村居", "same road or village", 0.1, 5e-3, ("road",)),
        Level("ELSE", "地址不同", "another address", 0.2, 0.99),
    ),
)  # fmt: skip
ONE_CODE = "uscc IN (0, 1)"
GUARDS = (
    Guard("name = 5", "一为总机构、一为分支机构，或为两个分支机构", "head and branch, or two branches"),
    Guard("uscc = 4", "两个统一社会信用代码均有效而不同", "two sound credit codes that differ"),
    Guard(f"{ONE_CODE} AND name = 6", "统一社会信用代码相同而名称不同", "one credit code, two names"),
    Guard(f"NOT {ONE_CODE} AND name > 2", "名称不同，无相同的统一社会信用代码", "the name differs and no code bears it out"),
    Guard(f"NOT {ONE_CODE} AND name > 0 AND legal_rep NOT IN (0, 1) AND address NOT IN (0, 1)", "只有名称相近", "nothing but a similar name"),
)  # fmt: skip
DOUBTS = (
    Doubt("g.name IS NOT NULL AND p.name IS NULL", "单位名称无法使用", "no usable name"),
    Doubt("g.uscc IS NOT NULL AND p.organisation IS NULL", "不是统一社会信用代码或组织机构代码，或为多家共用，不作比对", "no credit or organisation code, or one that many share; not compared"),
    Doubt("p.code IS NOT NULL AND NOT p.checked", "统一社会信用代码校验不符，仍作比对", "a check symbol that fails; compared all the same"),
)  # fmt: skip


def normal_company(text: str) -> str:
    """One form of a unit's name: half-width, simplified, without spaces and brackets; what stands in brackets stays."""
    return simplified(BRACKETS.sub("", simplified(text)).upper())


def company_parts(name: str) -> tuple[str, str]:
    """The name without place and legal form, and which branch it is ("" for the unit itself). 厦门市海沧某某建设有限公司 → 某某建设."""
    head, branch = name, ""
    if found := BRANCH.match(name):
        head, branch = found[1], found[2]
    core = FORM.sub("", ABOVE.sub("", head))
    return core or head, branch


def _name(text: str) -> tuple[str | None, ...]:
    name = normal_company(text)
    if not name:
        return (None,) * 5
    core, branch = company_parts(name)
    return name, core, branch, spelled(core), core[:2]


def _code(text: str) -> tuple[str | None, ...]:
    """The code, the nine symbols of the organisation in it, and whether its check symbol is right."""
    plain = plain_code(text)
    if re.fullmatch(WHOLE, plain) and len(set(plain)) > 2:
        return plain, plain[8:17], "" if credit_code_problem(plain) else "sound"
    if re.fullmatch(OLD_CODE, plain) and len(set(plain)) > 3:
        return None, plain.replace("-", ""), ""
    return None, None, ""


def _person(text: str) -> tuple[str | None, ...]:
    name = normal_name(text)
    return (name, read_parts(split_name(name))) if name else (None, None)


def _address(text: str) -> tuple[str | None, ...]:
    """Address without province, city and punctuation; road with number; road or village."""
    said = re.sub("^(?:中国)?(?:福建省?)?(?:厦门市?)?", "", BRACKETS.sub("", unicodedata.normalize("NFKC", text)))
    local = re.sub("^.{1,3}?区", "", said)
    road = re.search("^.*?(?:路|大道|街(?!道)|巷|村|社区)", local)
    door = re.search("^[0-9]+号", local[road.end() :]) if road else None
    named = re.sub("^.*?(?:街道|镇)(?=.{2})", "", road[0]) if road else None
    return said or None, f"{named}{door[0]}" if door else None, named


def prepare(connection: Any) -> None:
    """The columns that are compared."""
    names = of_distinct(connection, "name", _name, ("name", "core", "branch", "pinyin", "first"))
    codes = of_distinct(connection, "uscc", _code, ("code", "organisation", "sound"))
    people = of_distinct(connection, "legal_rep", _person, ("rep", "rep_said"))
    places = of_distinct(connection, "address", _address, ("address", "door", "road"))
    connection.execute(f"""CREATE TABLE {PREPARED} AS
    SELECT g.side, g.unique_id, g.id, n.name, n.core, n.branch, n.pinyin, n.first, c.code, c.organisation,
        coalesce(c.sound = 'sound', false) AS checked, p.rep, p.rep_said, a.address, a.door, a.road
    FROM {NUMBERED} g LEFT JOIN {names} n ON n.raw = g.name LEFT JOIN {codes} c ON c.raw = g.uscc
        LEFT JOIN {people} p ON p.raw = g.legal_rep LEFT JOIN {places} a ON a.raw = g.address""")  # noqa: S608 -- names of tables
    without_placeholders(connection, "organisation")


COMPANIES = Scheme(
    key="companies",
    columns=("uscc", "name", "legal_rep", "address"),
    comparisons=(NAME, CODE, HEAD, ADDRESS),
    blocks=(
        ("organisation",),
        ("core",),
        ("pinyin",),
        ("first", "rep"),
        ("first", "door"),
        ("rep", "address"),
        ("rep", "door"),
        ("first", "address"),
    ),
    guards=GUARDS,
    doubts=DOUBTS,
    prepare=prepare,
)
