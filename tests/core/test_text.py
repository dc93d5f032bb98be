"""Matching and search against LIKE, repair against the standard's table, messy cells one by one."""

import sqlite3
import unicodedata
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from jiandu.base.core.text import (
    decode_bytes,
    fts5_phrase,
    grams,
    mask_identity_number,
    mask_name,
    mask_phone,
    normal,
    parse_date,
    parse_money_fen,
    repair_gb18030,
    split_list,
    tsquery,
    tsvector,
)

HAN = "低保金厂房租筼筜䶮𬭚〇\U000323af\ue000"
texts = st.text(HAN + "，。 3a", max_size=12)
words = st.text(HAN, min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＷＴ－２０２２", "wt-2022"),
        ("  筼筜\u3000街道 \n", "筼筜 街道"),
        ("张\u200b三\ufeff", "张三"),
        ("葛\U000e0100城", "葛城"),  # a variant of the same character
        ("面积１００㎡", "面积100m2"),
        ("\uf9dc\u2f00", "隆一"),  # compatibility ideograph, radical
        ("a\0b\ud800", "ab"),
        ("", ""),
    ],
)
def test_normal_folds_what_looks_the_same(text, folded):
    assert normal(text) == folded


@given(st.text(st.characters()))
def test_normal_twice_is_once(text):
    assert normal(normal(text)) == normal(text)


@given(st.text())
def test_normal_is_what_a_database_can_store(text):
    folded = normal(text)
    assert folded.encode("utf-8").decode("utf-8") == folded
    assert "\0" not in folded
    assert folded == " ".join(folded.split())


@pytest.mark.parametrize(
    ("text", "cuts"),
    [
        ("低保金", ["低保", "保金", "金"]),
        ("租", ["租"]),
        ("筼筜", ["筼筜", "筜"]),
        ("䶮某", ["䶮某", "某"]),
        ("𬭚\U000323af", ["𬭚\U000323af", "\U000323af"]),
        ("二〇二二", ["二〇", "〇二", "二二", "二"]),
        ("低保，租金", ["低保", "保", "租金", "金"]),
        ("3号楼A座", ["3", "号楼", "楼", "a", "座"]),
        ("WT-2022-0037", ["wt", "2022", "0037"]),
        ("café", ["café"]),
        ("a_b", ["a", "b"]),
        ("x" * 130, ["x" * 64, "x" * 64, "xx"]),
        ("，。！", []),
        ("", []),
    ],
)
def test_grams_cut_pairs_and_runs(text, cuts):
    assert grams(text) == cuts


@pytest.mark.parametrize(
    ("word", "fts5", "postgresql"),
    [
        ("低保金", '"低保 保金"', "'低保' <-> '保金'"),
        ("租", '"租" *', "'租':*"),
        ("低保，租金", '"低保 保 租金"', "'低保' <-> '保' <-> '租金'"),
        ("低保，租", '"低保 保 租" *', "'低保' <-> '保' <-> '租':*"),
        ("3号楼", '"3 号楼"', "'3' <-> '号楼'"),
        ("WT-2022-00", '"wt 2022 00" *', "'wt' <-> '2022' <-> '00':*"),
        ("\" OR 1=1 --'\\", '"or 1 1" *', "'or' <-> '1' <-> '1':*"),
        ("，", '""', ""),
        ("", '""', ""),
    ],
)
def test_phrases_quote_each_cut(word, fts5, postgresql):
    assert (fts5_phrase(word), tsquery(word)) == (fts5, postgresql)


def test_tsvector_numbers_the_cuts():
    assert tsvector("低保 3 号") == "'低保':1 '保':2 '3':3 '号':4"
    assert tsvector("") == ""


def found_by_fts5(rows, word):
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE VIRTUAL TABLE search USING fts5(g, content='', tokenize='ascii')")
        pairs = [(number, " ".join(grams(text))) for number, text in enumerate(rows)]
        database.executemany("INSERT INTO search (rowid, g) VALUES (?, ?)", pairs)
        hits = database.execute("SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid", [fts5_phrase(word)])
        return [number for (number,) in hits]


@given(st.lists(texts, max_size=8), words)
def test_fts5_finds_what_like_finds(rows, word):
    assert found_by_fts5(rows, word) == [number for number, text in enumerate(rows) if normal(word) in normal(text)]


@given(texts, texts, texts)
def test_fts5_finds_a_text_by_any_han_part_of_it(before, middle, after):
    hans = [run for run in "".join(char if char in HAN else " " for char in middle).split() if run]
    assert [found_by_fts5([before + middle + after], run) for run in hans] == [[0]] * len(hans)


@given(st.text(), st.text())
def test_fts5_accepts_whatever_people_type(text, word):
    assert found_by_fts5([text], word) in ([], [0])


def test_fts5_finds_codes_by_their_beginning():
    rows = ["见 WT-2022-0037 号", "WT-2022-0100", "WT-2021-0037"]
    assert [found_by_fts5(rows, word) for word in ("wt-2022-00", "ＷＴ－２０２２", "0037", "，")] == [
        [0],
        [0, 1],
        [0, 2],
        [],
    ]


@pytest.mark.django_db
def test_postgresql_finds_what_fts5_finds():
    if connection.vendor != "postgresql":
        pytest.skip("tsvector is PostgreSQL's")
    rows = [
        "低保金",
        "低保，租金，某",
        "厂房出租",
        "筼筜街道",
        "张䶮",
        "𬭚\U000323af",
        "3号楼",
        "x y",
        "x' y\\",
        "金低 保",
    ]
    asked = ["低保金", "租", "筼筜", "䶮", "𬭚", "\U000323af", "低保，租金", "3号楼", "x' | 'y", "保 租", "，", "金"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE search (number integer, g tsvector) ON COMMIT DROP")
        cursor.executemany(
            "INSERT INTO search VALUES (%s, %s::tsvector)", [(n, tsvector(row)) for n, row in enumerate(rows)]
        )
        for word in asked:
            cursor.execute("SELECT number FROM search WHERE g @@ %s::tsquery ORDER BY number", [tsquery(word)])
            assert [number for (number,) in cursor.fetchall()] == found_by_fts5(rows, word)


CHANGED_2022 = {  # Unicode L2/23-003R and ICU's gb18030 since 73: code in GB 18030 → Unicode
    "A6D9": 0xFE10,
    "A6DA": 0xFE12,
    "A6DB": 0xFE11,
    "A6DC": 0xFE13,
    "A6DD": 0xFE14,
    "A6DE": 0xFE15,
    "A6DF": 0xFE16,
    "A6EC": 0xFE17,
    "A6ED": 0xFE18,
    "A6F3": 0xFE19,
    "FE59": 0x9FB4,
    "FE61": 0x9FB5,
    "FE66": 0x9FB6,
    "FE67": 0x9FB7,
    "FE6D": 0x9FB8,
    "FE7E": 0x9FB9,
    "FE90": 0x9FBA,
    "FEA0": 0x9FBB,
}
CHANGED_2005 = {"A8BC": 0x1E3F}
IN_EXTENSION_B = {
    "FE51": 0x20087,
    "FE52": 0x20089,
    "FE53": 0x200CC,
    "FE6C": 0x215D7,
    "FE76": 0x2298F,
    "FE91": 0x241FE,
}
BLANK = {"A3A0": 0x3000}
REPAIRED = CHANGED_2022 | CHANGED_2005 | IN_EXTENSION_B | BLANK


@pytest.mark.parametrize(("code", "point"), REPAIRED.items(), ids=REPAIRED)
def test_repair_gb18030_gives_private_characters_their_real_ones(code, point):
    decoded = bytes.fromhex(code).decode("gb18030")
    assert unicodedata.category(decoded) == "Co"  # if this fails, Python's codec knows the newer standard
    assert repair_gb18030(decoded) == chr(point)
    assert decode_bytes(bytes.fromhex(code) + "筼筜".encode("gb18030")) == (chr(point) + "筼筜", "gb18030", ())


def test_repair_gb18030_changes_nothing_else():
    changed = [char for char in map(chr, range(0x110000)) if repair_gb18030(char) != char]
    assert changed == sorted(bytes.fromhex(code).decode("gb18030") for code in REPAIRED)


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("gb18030", "gb18030")],
)
def test_decode_bytes_finds_the_encoding(codec, encoding):
    text = "姓名,街道\r\n张䶮,筼筜街道\r\n𬭚某,莲前"
    assert decode_bytes(text.encode(codec)) == (text, encoding, ())


def test_decode_bytes_reads_utf_16_of_either_order():
    assert decode_bytes(b"\xfe\xff" + "筼筜".encode("utf-16-be")) == ("筼筜", "utf-16", ())


def test_decode_bytes_of_nothing_is_nothing():
    assert decode_bytes(b"") == ("", "utf-8", ())


def test_decode_bytes_warns_of_private_characters():
    warning = "有2个自造字（私用区字符）无法识别，请核对：U+E000、U+E81E"
    assert decode_bytes("张\ue81e\ue000\ue000".encode()) == ("张\ue81e\ue000\ue000", "utf-8", (warning,))


def test_decode_bytes_names_ten_private_characters_at_most():
    data = "".join(map(chr, range(0xE000, 0xE00C))).encode("utf-16")
    names = "、".join(f"U+{point:04X}" for point in range(0xE000, 0xE00A))
    assert decode_bytes(data).warnings == (f"有12个自造字（私用区字符）无法识别，请核对：{names}",)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xd5\xc5\xff\xfe", "文件不是 UTF-8、UTF-16 或 GB18030 文本，第3字节无法识别"),
        (b"\xef\xbb\xbf\xd5\xc5", "文件不是 UTF-8、UTF-16 或 GB18030 文本，第4字节无法识别"),
        (b"\xff\xfea", "文件不是 UTF-8、UTF-16 或 GB18030 文本，第3字节无法识别"),
        ("张三,1".encode("utf-16-le"), "文件含有空字节，不是文本文件"),
        ("张三".encode("utf-32"), "文件含有空字节，不是文本文件"),
    ],
)
def test_decode_bytes_refuses_what_is_no_text(data, reason):
    with pytest.raises(ValueError, match=reason):
        decode_bytes(data)


@given(st.binary(max_size=64))
def test_decode_bytes_gives_storable_text_or_a_reason(data):
    text, reason = "", "文件"
    try:
        text = decode_bytes(data).text
    except ValueError as error:
        reason = str(error)
    assert (reason[:2], text.encode("utf-8").decode("utf-8"), "\0" in text) == ("文件", text, False)


@given(st.text(st.characters(exclude_categories=["Cs", "Co"], exclude_characters="\0\ufeff"), min_size=1))
def test_decode_bytes_undoes_utf_8(text):
    assert decode_bytes(text.encode()) == (text, "utf-8", ())


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (mask_name, "张三", "张*"),
        (mask_name, " 欧阳娜娜 ", "欧***"),
        (mask_name, "𬭚某", "𬭚*"),
        (mask_name, "张", "*"),
        (mask_name, "", ""),
        (mask_identity_number, "11010519491231002X", "1101***********02X"),
        (mask_identity_number, "110105491231002", "1101********002"),
        (mask_identity_number, "1101054912310", "*************"),
        (mask_phone, "13800138000", "138****8000"),
        (mask_phone, "0592-5123456", "059*****3456"),
        (mask_phone, "5123456", "*******"),
    ],
)
def test_mask_shows_the_ends_only(mask, text, shown):
    assert mask(text) == shown


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (date(2022, 3, 22), "2022-03-22"),
        (datetime(2022, 3, 22, 23, 59, tzinfo=UTC), "2022-03-22"),
        ("2022年3月22日", "2022-03-22"),
        ("２０２２年３月２２日", "2022-03-22"),
        ("2022 年 3 月 22 日", "2022-03-22"),
        ("2022年3月22号", "2022-03-22"),
        ("2022/3/23", "2022-03-23"),
        ("2022.04.01", "2022-04-01"),
        ("20220111", "2022-01-11"),
        (20220111, "2022-01-11"),
        (20220111.0, "2022-01-11"),
        ("2022-01-18", "2022-01-18"),
        (" 2022-01-18 00:00:00 ", "2022-01-18"),
        ("2022-01-18T08:30", "2022-01-18"),
        (44562, "2022-01-01"),
        (44562.75, "2022-01-01"),
        ("44562", "2022-01-01"),
        (40000, "2009-07-06"),
        (60000, "2064-04-08"),
        ("二〇二四年一月十八日", "2024-01-18"),
        ("二○二四年十二月三十一日", "2024-12-31"),
        ("二零二四年十月二十号", "2024-10-20"),
        ("2024年元月5日", "2024-01-05"),
        ("2024年1月12日 上午9时", "2024-01-12"),
        ("2024年1月12日9时30分", "2024-01-12"),
        ("2024年1月12日下午3:20", "2024-01-12"),
        ("2024-01-12 下午 3:20", "2024-01-12"),
        ("2024-01-12（周五）", "2024-01-12"),
        ("2024年1月12日 星期五 15:00", "2024-01-12"),
    ],
)
def test_parse_date_reads_what_cells_hold(value, day):
    assert parse_date(value).isoformat() == day
    assert type(parse_date(value)) is date


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "日期为空"),
        ("  ", "日期为空"),
        ("2022年3月", "日期不完整，应写明年月日：2022年3月"),
        ("2022-03", "日期不完整，应写明年月日：2022-03"),
        ("202203", "日期不完整，应写明年月日：202203"),
        (2022, "日期不完整，应写明年月日：2022"),
        ("3月22日", "日期不完整，应写明年月日：3月22日"),
        ("22/3/23", "年份应写四位并写在最前，如 2022-03-22：22/3/23"),
        ("22年3月23日", "年份应写四位并写在最前，如 2022-03-22：22年3月23日"),
        ("03/04/2022", "年份应写四位并写在最前，如 2022-03-22：03/04/2022"),
        ("2022-02-30", "日期不存在：2022-02-30"),
        ("20221301", "日期不存在：20221301"),
        ("1022-01-01", "年份不合理：1022-01-01"),
        ("2022-3/23", "不是可识别的日期，请写成 2022-03-22：2022-3/23"),
        ("2022/3/2 3", "不是可识别的日期，请写成 2022-03-22：2022/3/2 3"),
        ("2024-01-05 至 2024-01-06", "不是可识别的日期，请写成 2022-03-22：2024-01-05 至 2024-01-06"),
        ("二〇二四年一月", "不是可识别的日期，请写成 2022-03-22：二〇二四年一月"),
        ("二〇二四年二月三十日", "日期不存在：2024年2月30日"),
        ("2024-01-1215:20", "不是可识别的日期，请写成 2022-03-22：2024-01-1215:20"),
        ("长期", "不是可识别的日期，请写成 2022-03-22：长期"),
        (True, "不是可识别的日期，请写成 2022-03-22：true"),
        (39999, "日期不完整，应写明年月日：39999"),
        (60001, "日期不完整，应写明年月日：60001"),
        (float("nan"), "不是可识别的日期，请写成 2022-03-22：nan"),
    ],
)
def test_parse_date_refuses_with_the_reason(value, reason):
    with pytest.raises(ValueError, match=r".") as caught:
        parse_date(value)
    assert str(caught.value) == reason


@given(
    st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S"]),
)
def test_parse_date_undoes_every_way_of_writing(day, form):
    assert parse_date(day.strftime(form)) == day


@pytest.mark.parametrize(
    ("value", "fen"),
    [
        ("3,700", 370000),
        ("3，700", 370000),
        ("3700元", 370000),
        ("3700 元", 370000),
        ("３７００元整", 370000),
        ("0.37万元", 370000),
        ("0.37 万", 370000),
        ("1.5亿元", 15000000000),
        ("¥1,200.50", 120050),
        ("￥ 1,200.5", 120050),
        ("人民币1,234,567.89元", 123456789),
        ("RMB 10", 1000),
        ("0.37015万元", 370150),
        ("0", 0),
        (0, 0),
        (0.0, 0),
        (3700, 370000),
        (3700.5, 370050),
        (0.1 + 0.2, 30),
        (8.5 * 0.35, 298),  # 2.9749999999999996 in binary, 2.975 in Excel
        (1.005, 101),
        (10000 / 3, 333333),
        (Decimal("12.30"), 1230),
        (9999999999999.98, 999999999999998),
        (None, None),
        ("", None),
        ("无", None),
        (" / ", None),
        ("——", None),
    ],
)
def test_parse_money_fen_reads_what_cells_hold(value, fen):
    assert parse_money_fen(value) == fen


@pytest.mark.parametrize(
    "value", [-3700, "-3,700", "－3700元", "−3700", "(3,700)", "（3700元）", "¥-3700", "-¥3,700", -3700.0]
)
def test_parse_money_fen_takes_negatives_only_when_allowed(value):
    assert parse_money_fen(value, allow_negative=True) == -370000
    with pytest.raises(ValueError, match="金额不能为负数"):
        parse_money_fen(value)


@pytest.mark.parametrize(
    "value",
    [
        "约3700元",
        "3700多元",
        "100-200元",
        "1,23",
        "1,0000",
        "3 700",
        "3.7千元",
        "叁仟柒佰元整",
        "$3700",
        "3700美元",
        "3700元/年",
        "-(3700)",
        "-¥-3700",
        "(3700",
        "3700)",
        "1e6",
        "3700%",
        "元",
        "1" * 16,
        True,
        datetime(2022, 1, 1, tzinfo=UTC),
        float("nan"),
        float("inf"),
        Decimal("NaN"),
    ],
)
def test_parse_money_fen_refuses_what_is_unclear(value):
    with pytest.raises(ValueError, match="不是可识别的金额"):
        parse_money_fen(value, allow_negative=True)


@pytest.mark.parametrize("value", ["3700.005", "33.333元", "0.1234567万元", Decimal("0.001")])
def test_parse_money_fen_refuses_text_finer_than_a_fen(value):
    with pytest.raises(ValueError, match="金额应精确到分，小数位过多"):
        parse_money_fen(value)


@pytest.mark.parametrize("value", [10**13, 1e13, 1e300, "999999999亿元", Decimal(10**13)])
def test_parse_money_fen_refuses_what_no_city_has(value):
    with pytest.raises(ValueError, match="金额过大，请核对单位"):
        parse_money_fen(value)


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_parse_money_fen_loses_nothing(fen):
    yuan = Decimal(fen) / 100
    ways = [yuan, str(yuan), f"{yuan:,.2f}元", f"¥{yuan:,}", f"{yuan / 10000}万元", float(yuan)]
    assert [parse_money_fen(way, allow_negative=True) for way in ways] == [fen] * len(ways)


@pytest.mark.parametrize(
    ("value", "items"),
    [
        ("张三、李四，王五;赵六；钱七,孙八\n周九\r\n", ["张三", "李四", "王五", "赵六", "钱七", "孙八", "周九"]),
        ("《关于甲、乙的通知》、《丙，丁》", ["《关于甲、乙的通知》", "《丙，丁》"]),
        ("张三（组长、主任），李四(副,组长)", ["张三（组长、主任）", "李四(副,组长)"]),
        ("甲（乙、丙)、丁", ["甲（乙、丙)", "丁"]),
        ("甲（乙（丙、丁）、戊）、己", ["甲（乙（丙、丁）、戊）", "己"]),
        ("张三（组长、李四", ["张三（组长", "李四"]),
        ("《甲、乙", ["《甲", "乙"]),
        (" 、，; ", []),
        ("", []),
        (None, []),
        (350203, ["350203"]),
    ],
)
def test_split_list_splits_outside_brackets(value, items):
    assert split_list(value) == items


@given(st.lists(st.text("甲乙(（）)《》 ", min_size=1).map(str.strip).filter(bool), max_size=5))
def test_split_list_keeps_every_character_but_separators(items):
    assert "".join("".join(split_list("、".join(items))).split()).replace("、", "") == "".join("".join(items).split())
