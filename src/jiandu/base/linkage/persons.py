"""Persons: name, identity number, birth date, place."""

from typing import Any

from jiandu.base.core.ids import IDENTITY_CHECKS, IDENTITY_WEIGHTS, plain_code
from jiandu.base.core.text import parse_date
from jiandu.base.linkage.columns import NUMBERED, PREPARED, of_distinct, without_placeholders
from jiandu.base.linkage.names import normal_name, read_parts, split_name
from jiandu.base.linkage.schemes import Comparison, Doubt, Guard, Level, Scheme

SAME_SURNAME = "surname_l = surname_r"
NAME = Comparison(
    "name",
    "姓名",
    "name_l IS NULL OR name_r IS NULL",
    (
        Level("name_l = name_r", "姓名相同", "same name", 0.85, 2e-5, ("name",), "name"),
        Level(f"pinyin_l = pinyin_r AND {SAME_SURNAME}", "姓名同音", "homophone, same surname", 0.08, 1e-5, ("pinyin", "surname"), "pinyin"),
        Level("pinyin_l = pinyin_r", "姓名同音而姓不同字", "homophone, surname of another character", 0.003, 2e-6, ("pinyin",), "pinyin"),
        Level(
            "said_l = said_r AND length(name_l) <> length(name_r) AND levenshtein(name_l, name_r) = 1",
            "姓名少一字", "one character missing", 0.04, 2e-4,
        ),
        Level(f"{SAME_SURNAME} AND length(name_l) > 2 AND levenshtein(name_l, name_r) = 1", "姓名一字不同", "one character differs", 0.01, 5e-4),
        Level(SAME_SURNAME, "仅姓相同", "surname alone", 0.005, 3e-2),
        Level("ELSE", "姓名不同", "another name", 0.01, 0.97),
    ),
)  # fmt: skip
NUMBER = Comparison(
    "id_no",
    "身份证号",
    "body_l IS NULL OR body_r IS NULL",
    (
        Level("body_l = body_r AND NOT short_l AND NOT short_r", "身份证号相同", "same identity number", 0.84, 1e-9, fixed=True),
        Level("body_l = body_r", "15位与18位身份证号相符", "15 digits of the same number", 0.05, 1e-9, fixed=True),
        Level("NOT (checked_l AND checked_r) AND damerau_levenshtein(body_l, body_r) <= 1", "身份证号一位之差，校验不符", "one slip, a check digit fails", 0.09, 3e-6, fixed=True),
        Level("NOT (checked_l AND checked_r)", "身份证号不同，有一号校验不符或为15位", "another number, one of them unchecked", 0.019, 0.15),
        Level("ELSE", "身份证号均有效而不同", "two sound numbers, not the same", 0.001, 0.85, fixed=True),
    ),
)  # fmt: skip
BIRTH = Comparison(
    "birth",
    "出生日期",
    "birth_l IS NULL OR birth_r IS NULL",
    (
        Level("birth_l = birth_r", "出生日期相同", "same birth date", 0.96, 4e-5, ("birth",), "birth"),
        Level("damerau_levenshtein(birth_l, birth_r) <= 1", "出生日期一位之差", "one slip in the birth date", 0.025, 1.2e-3),
        Level("ELSE", "出生日期不同", "another birth date", 0.015, 0.998),
    ),
)  # fmt: skip
PLACE = Comparison(
    "place",
    "住址",
    "place_l IS NULL OR place_r IS NULL",
    (
        Level("place_l = place_r", "住址相同", "same address", 0.75, 2e-5, ("place",), "place"),
        Level("village_l = village_r", "同村居", "same village or community", 0.05, 3e-3, ("village",)),
        Level("town_l = town_r", "同镇街", "same town or street", 0.03, 2e-2, ("town",)),
        Level("ELSE", "住址不同", "another address", 0.17, 0.98),
    ),
)  # fmt: skip
ONE_NUMBER = "id_no IN (0, 1)"
GUARDS = (
    Guard("id_no = 4", "两个身份证号均有效而不同", "two sound identity numbers that differ"),
    Guard(f"{ONE_NUMBER} AND name = 6", "身份证号相同而姓名不同", "one identity number, two names"),
    Guard(f"{ONE_NUMBER} AND name > 2 AND birth = 2", "身份证号相同而姓名、出生日期不同", "one number, name and birth differ"),
    Guard(f"NOT {ONE_NUMBER} AND name > 3", "姓名不同，无相同的身份证号", "the name differs and no number bears it out"),
    Guard(f"NOT {ONE_NUMBER} AND birth = 2", "出生日期不同，无相同的身份证号", "the birth date differs and no number bears it out"),
    Guard("id_no NOT IN (0, 1, 2) AND birth NOT IN (0, 1) AND place NOT IN (0, 1)", "只有姓名相符", "the name alone agrees"),
)  # fmt: skip


DOUBTS = (
    Doubt("g.name IS NOT NULL AND p.name IS NULL", "姓名无法使用", "no usable name"),
    Doubt("g.id_no IS NOT NULL AND p.body IS NULL", "身份证号不是15位或18位号码，或为多人共用，不作比对", "no identity number of 15 or 18 digits, or one that many share; not compared"),
    Doubt("p.body IS NOT NULL AND NOT p.short AND NOT p.checked", "身份证号校验不符，仍作比对", "a check digit that fails; compared all the same"),
    Doubt("g.birth IS NOT NULL AND NOT p.dated", "出生日期无法识别，不作比对", "no date; not compared"),
)  # fmt: skip
LONG, SHORT = "[1-9][0-9]{16}[0-9X]", "[1-9][0-9]{14}"
WIDE = "'０１２３４５６７８９－（）＃　', '0123456789-()# '"
#: Province, city and district say nothing beside town and village, and half of the rows leave them out.
ABOVE = "^(中国)?(福建省?)?(厦门市?)?((思明|湖里|集美|海沧|同安|翔安|杏林)区)?"
TOWN = "^(?:.{1,3}[区县市])?(.*?(?:街道|镇|乡))"
VILLAGE = "^(.*?(?:村|社区|居委会|小区|花园))"


def check_digit(body: str) -> str:
    """The check digit in SQL, for all rows at once; `identity_number_check` says the same of one."""
    total = " + ".join(f"(ascii({body}[{at}]) - 48) * {weight}" for at, weight in enumerate(IDENTITY_WEIGHTS, 1))
    return f"substr('{IDENTITY_CHECKS}', 1 + CAST(({total}) % 11 AS INTEGER), 1)"


def _name(text: str) -> tuple[str | None, ...]:
    name = normal_name(text)
    if not name:
        return (None,) * 6
    parts = split_name(name)
    reading, (surname, given) = read_parts(parts), parts
    return name, surname, reading, reading.split(" ", 1)[0], given[:1] or None, given[-1:] or None


def _birth(text: str) -> tuple[str | None]:
    try:
        return (parse_date(text).strftime("%Y%m%d"),)
    except ValueError:
        return (None,)


def prepare(connection: Any) -> None:
    """The columns that are compared. A number or a date that is none counts as missing; a birth date missing comes from a sound number."""
    names = of_distinct(connection, "name", _name, ("name", "surname", "pinyin", "said", "first", "last"))
    births = of_distinct(connection, "birth", _birth, ("birth",))
    plain = of_distinct(
        connection, "id_no", lambda text: (plain_code(text),), ("plain",), f"regexp_full_match(id_no, '{LONG}|{SHORT}')"
    )
    connection.execute(f"""CREATE TABLE {PREPARED} AS
    WITH said AS (
        SELECT g.side, g.unique_id, g.id, n.name, n.surname, n.pinyin, n.said, n.first, n.last, b.birth, b.birth IS NOT NULL AS dated,
            coalesce(p.plain, g.id_no) AS number,
            nullif(regexp_replace(regexp_replace(translate(g.place, {WIDE}), '[\\s,，。、]', '', 'g'), '{ABOVE}', ''), '') AS place
        FROM {NUMBERED} g LEFT JOIN {names} n ON n.raw = g.name LEFT JOIN {births} b ON b.raw = g.birth
            LEFT JOIN {plain} p ON p.raw = g.id_no
    ), numbers AS (
        SELECT *, regexp_full_match(number, '{SHORT}') AS short, CASE
            WHEN replace(number, number[1], '') = '' THEN NULL
            WHEN regexp_full_match(number, '{LONG}') THEN number[1:17]
            WHEN regexp_full_match(number, '{SHORT}') THEN
                number[1:6] || CASE WHEN number[13:15] >= '996' THEN '18' ELSE '19' END || number[7:15]
        END AS body FROM said
    ), checks AS (
        SELECT *, coalesce(NOT short AND {check_digit("body")} = number[18]
            AND try_strptime(body[7:14], '%Y%m%d') IS NOT NULL, false) AS checked FROM numbers
    )
    SELECT * EXCLUDE (birth, number), coalesce(birth, CASE WHEN checked THEN body[7:14] END) AS birth,
        nullif(regexp_extract(place, '{TOWN}', 1), '') AS town, nullif(regexp_extract(place, '{VILLAGE}', 1), '') AS village
    FROM checks""")  # noqa: S608 -- patterns of this module
    without_placeholders(connection, "body")
    connection.execute(f"""CREATE OR REPLACE TABLE {PREPARED} AS
    WITH common AS (
        SELECT birth FROM {PREPARED} WHERE birth IS NOT NULL GROUP BY birth
        HAVING count(*) > greatest(50, (SELECT count(*) FROM {PREPARED}) // 200)
    )
    SELECT *, coalesce(birth, body[7:14]) AS hint, CASE WHEN birth NOT IN (FROM common) THEN birth END AS rare_birth,
        body[15:17] AS turn, CASE WHEN coalesce(birth, body, place) IS NULL THEN name END AS bare
    FROM {PREPARED}""")  # noqa: S608


PERSONS = Scheme(
    key="persons",
    columns=("name", "id_no", "birth", "place"),
    comparisons=(NAME, NUMBER, BIRTH, PLACE),
    blocks=(
        ("body",),
        ("name", "hint"),
        ("pinyin", "hint"),
        ("said", "rare_birth"),
        ("name", "place"),
        ("pinyin", "village"),
        ("said", "place", "first"),
        ("said", "place", "last"),
        ("pinyin", "turn"),
        "l.name = r.bare",
        "l.bare = r.name",
    ),
    guards=GUARDS,
    doubts=DOUBTS,
    prepare=prepare,
)
