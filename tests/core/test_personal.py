"""The scanner of what is to be published: planted identifiers in every spelling are found, innocent texts pass."""

import ast
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jiandu.base.core.ids import identity_number_check
from jiandu.base.core.personal import Kind, find, kind_of, place_of, solid

DEMO = Path(__file__).parents[2] / "src" / "jiandu" / "demo"
CHANCE = random.Random(20_260)
WIDE = str.maketrans("0123456789X-@", "０１２３４５６７８９Ｘ－＠")
SPOKEN = str.maketrans("0123456789", "〇一二三四五六七八九")
AREAS = ("350203", "350205", "350211", "110101", "440305", "330106", "510104", "650102", "810000")
STREETS = ("湖滨南路", "厦禾路", "中山路", "前埔二里", "莲前西路", "文屏巷", "金榜里", "后埭溪路")


def identity() -> str:
    born = f"{CHANCE.randint(1945, 2005)}{CHANCE.randint(1, 12):02d}{CHANCE.randint(1, 28):02d}"
    body = f"{CHANCE.choice(AREAS)}{born}{CHANCE.randint(0, 999):03d}"
    return body + identity_number_check(body)


def short_identity() -> str:
    number = identity()
    return number[:6] + number[8:17] if number[6:8] == "19" and number[14:17] < "996" else short_identity()


def mobile() -> str:
    return f"1{CHANCE.choice('3456789')}{CHANCE.randint(0, 999_999_999):09d}"


def luhn_end(body: str) -> str:
    total = sum(sum(divmod(2 * int(d), 10)) if place % 2 == 0 else int(d) for place, d in enumerate(reversed(body)))
    return str(-total % 10)


def card() -> str:
    body = CHANCE.choice(("622848", "621700", "436742", "955880", "601382")) + f"{CHANCE.randint(0, 10**12 - 1):012d}"
    return body + luhn_end(body)


def grouped(number: str, mark: str) -> str:
    cuts = {11: (3, 7), 15: (6, 12), 18: (6, 14)}.get(len(number), tuple(range(4, len(number), 4)))
    return mark.join(number[a:b] for a, b in zip((0, *cuts), (*cuts, len(number)), strict=True))


SPELLINGS: tuple[Callable[[str], str], ...] = (
    lambda said: said,
    lambda said: said.translate(WIDE),
    lambda said: grouped(said, " "),
    lambda said: grouped(said, "-"),
    lambda said: grouped(said, "　").translate(WIDE),
    lambda said: said.replace("X", "x"),
    lambda said: "\u200b".join(said),
    lambda said: grouped(said, "—"),
)


def planted() -> Iterator[tuple[Kind, str]]:
    """200 of them, each in its spelling."""
    for number in range(40):
        spelt = SPELLINGS[number % len(SPELLINGS)]
        yield Kind.IDENTITY, spelt(identity())
        yield Kind.MOBILE, spelt(mobile()) if number % 10 else mobile().translate(SPOKEN)
        yield Kind.CARD, spelt(card())
        if number < 20:
            yield Kind.IDENTITY, spelt(short_identity())
            yield Kind.EMAIL, spelt(f"lin{number}@example-mail.cn") if number % 8 in (0, 1, 6) else f"l.{number}@qq.com"
            yield Kind.MOBILE, f"+86{CHANCE.choice(('', ' ', '-'))}{mobile()}"
        else:
            street, house = CHANCE.choice(STREETS), CHANCE.randint(1, 300)
            room = CHANCE.choice(("", "之二", "3栋502室", f"{CHANCE.randint(1, 30)}号楼{CHANCE.randint(101, 999)}室"))
            yield (
                Kind.ADDRESS,
                f"思明区{street}{house}号{room}" if number % 2 else f"{street} {str(house).translate(WIDE)} 号",
            )
            yield Kind.ADDRESS, f"集美区后溪镇{CHANCE.choice('东西南北')}溪村{CHANCE.randint(2, 9)}组{house}号"


def surrounding(said: str) -> str:
    head = CHANCE.choice(("经查，该人", "联系方式：", "（", "2022年3月15日，", "据本人陈述，", "\n二、其他\n"))
    return (
        f"关于某街道办事处有关问题的通报\n{head}{said}{CHANCE.choice(('。', '，', '）', ' ', '；已核实'))}\n特此通报。"
    )


PLANTED = list(planted())


def test_two_hundred_planted_identifiers_are_found():
    missed = [(kind, said) for kind, said in PLANTED if kind not in {hit.kind for hit in find(surrounding(said))}]
    assert (len(PLANTED) >= 200, missed) == (True, [])


def test_identity_and_card_numbers_are_of_those_that_never_go_out():
    wrong = []
    for kind, said in PLANTED:
        hits = [hit for hit in find(surrounding(said)) if hit.kind == kind]
        if any(hit.is_forbidden != (kind in {Kind.IDENTITY, Kind.CARD}) for hit in hits):
            wrong.append((kind, said))
    assert wrong == []


def innocent() -> Iterator[str]:
    """500 texts as notices have them: figures, document numbers, dates, hotlines, codes, amounts."""
    for _ in range(500):
        n = CHANCE.randint
        parts = CHANCE.sample(
            [
                f"厦纪发〔20{n(10, 26)}〕{n(1, 99)}号",
                f"全市共查处问题{n(100, 9999)}起{n(100, 9999)}人，同比增长{n(1, 99)}.{n(0, 99)}%",
                f"举报电话：0592-{n(2_000_000, 8_999_999)}，12388",
                f"统一社会信用代码：1135020{n(0, 9)}MB{n(10, 99)}{n(10_000, 99_999)}A",
                f"统一社会信用代码913502{n(0, 9)}{n(0, 9)}{n(100_000_000, 999_999_999)}{CHANCE.choice('ABCDEFGHJKLMNPQRTUWXY')}",
                f"20{n(10, 26)}年{n(1, 12)}月{n(1, 28)}日至20{n(10, 26)}-{n(1, 12):02d}-{n(1, 28):02d}",
                f"拨付资金{n(1000, 99_999_999):,}.{n(10, 99)}元，折合{n(1, 9)}.{n(100_000, 999_999)}亿元",
                f"案号（20{n(10, 26)}）闽02刑初{n(1, 999)}号",
                f"项目编号：350200-20{n(10, 26)}{n(1, 12):02d}-{n(1000, 9999)}",
                f"流水号20{n(10, 26)}{n(1, 12):02d}{n(1, 28):02d}{n(10_000_000, 99_999_999)}",
                f"政务服务热线12345，办理时限{n(1, 30)}个工作日",
                f"第{n(1, 9)}条第{n(1, 9)}款，{n(1, 99)}号令公布的办法",
                f"在{n(1, 200)}个村、{n(1, 60)}条道路开展检查，{n(1, 9)}号线、{n(1, 20)}号机组",
                f"面积{n(1, 999)}.{n(10, 99)}亩，涉及{n(2, 40)}户{n(3, 160)}人",
                "某街道办事处原主任违规收受礼金，受到党内严重警告处分",
                f"公示期为{n(5, 7)}个工作日，见第{n(1, 30)}页附件{n(1, 9)}",
                "二〇二二年三月十五日，一是加强领导，二是压实责任，三是严肃追责",
                f"招标公告编号XM20{n(10, 26)}-ZB{n(1000, 9999)}，预算{n(10, 999)}万元",
                f"经纬度118.{n(100_000, 999_999)}，24.{n(100_000, 999_999)}",
            ],
            n(3, 7),
        )
        yield "；\n".join(parts) + "。"


def test_of_five_hundred_innocent_texts_one_in_a_hundred_at_most_is_stopped():
    stopped = [(text, hits) for text in innocent() if (hits := find(text))]
    assert len(stopped) <= 5, stopped[:6]


@pytest.mark.parametrize(
    "said",
    [
        "13812345",
        "138123456789",
        "4111111111111112",
        "350203199002301234",
        "12345678901",
        "9135020070541234",
        "0592-5887744",
    ],
)
def test_a_number_that_fails_its_own_check_is_none(said: str):
    assert find(f"编号{said}。") == []


def test_an_identity_number_with_a_typing_error_is_told_and_may_be_explained():
    number = identity()
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    assert [(hit.kind, hit.is_forbidden) for hit in find(wrong)] == [(Kind.IDENTITY_LIKE, False)]


@pytest.mark.parametrize(
    ("said", "kind", "plain"),
    [
        ("车牌闽D12345。", Kind.PLATE, "闽D12345"),
        ("车牌号：闽 D·A8Q35，", Kind.PLATE, "闽 D·A8Q35"),
        ("驾驶闽DD12345在市区", Kind.PLATE, "闽DD12345"),
        ("账号：3500 1234 5678 9012 34", Kind.ACCOUNT, "3500 1234 5678 9012 34"),
        ("汇入该账户（建行）35001234567890", Kind.ACCOUNT, "35001234567890"),
        ("持护照E12345678出境", Kind.IDENTITY_LIKE, "E12345678"),
        ("微信号：lin_yiming88", Kind.EMAIL, "lin_yiming88"),
        ("QQ: 10001234", Kind.EMAIL, "10001234"),
        ("举报人：张小明。", Kind.NAME, "张小明"),
        ("据（举报人是林一）反映", Kind.NAME, "林一"),
        ("TEL13812345678", Kind.MOBILE, "13812345678"),
        ("电话13812345678转", Kind.MOBILE, "13812345678"),
        ("①13812345678", Kind.MOBILE, "13812345678"),
        ("一三八1234五六七八", Kind.MOBILE, "13812345678"),
        ("壹叁捌壹贰叁肆伍陆柒捌", Kind.MOBILE, "13812345678"),
        ("一、13812345678", Kind.MOBILE, "13812345678"),
        ("住：瑞景小区3栋502室", Kind.ADDRESS, "瑞景小区3栋502室"),
    ],
)
def test_what_its_form_or_the_word_before_it_tells_is_found(said: str, kind: Kind, plain: str):
    assert [(hit.kind, hit.plain, hit.is_forbidden) for hit in find(said)] == [(kind, plain, False)]


@pytest.mark.parametrize(
    "said",
    [
        "闽府办〔2022〕12号",
        "云A区、B区共12345户",
        "微信公众号发布",
        "关注微信：请扫码",
        "举报人和被举报人",
        "举报人：本村村民",
        "举报人是否愿意核实",
        "廉政账户共收缴12万元",
        "护照管理办法2022",
        "5,8,4,2,1,6,3,7,9,10,5,8",
        "一、二、三、四、五、六、七、八、九、十、十一",
    ],
)
def test_words_that_only_look_like_it_are_let_pass(said: str):
    assert find(said) == []


def test_an_identity_number_glued_to_letters_is_found_and_a_credit_code_is_none():
    number = identity()
    assert [hit.plain for hit in find(f"ID{number}")] == [number]
    assert find("统一社会信用代码52350200MJB1234567、9135020070541234XB") == []


def demo_words() -> set[str]:
    """Every Chinese text of the demo's records but what is put into its notices to be found."""
    paths = [path for path in DEMO.rglob("*.py") if path.name != "notices.py"]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    constants = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {said for said in constants if isinstance(said, str) and re.search(r"[\u4e00-\u9fff]", said)}


def test_of_the_texts_of_the_demo_none_is_stopped():
    words = demo_words()
    assert (len(words) > 500, {said: hits for said in words if (hits := find(said))}) == (True, {})


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("林一鸣", "林\u200b一\u3000鸣"),
        ("阿依古丽·买买提", "阿依古丽•买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
    ],
)
def test_a_name_is_one_in_every_spelling(name: str, written: str):
    text = f"经查，{written}违规。"
    (hit,) = find(text, [name])
    assert (text[hit.start : hit.end], hit.plain) == (written, name)
    assert written.replace("\u200b", "").replace("\u3000", "").replace("•", "·") in solid(text)


def test_known_names_are_found_also_when_they_are_spaced():
    text = "通报\n经查，林一鸣（林 一 鸣）与林一违规。"
    hits = find(text, ["林一鸣", "林一", "某"])
    assert [(hit.plain, place_of(text, hit)) for hit in hits] == [
        ("林一鸣", (2, 4)),
        ("林一鸣", (2, 8)),
        ("林一", (2, 15)),
    ]


def test_places_are_those_of_the_text_as_it_was_typed():
    text = "标题\n前\u200b言　电话１３８　１２３４　５６７８止"
    (hit,) = find(text)
    assert (text[hit.start : hit.end], hit.plain, hit.masked) == (
        "１３８　１２３４　５６７８",
        "13812345678",
        "138****5678",
    )


APART: dict[str, Callable[[str], str]] = {
    "lines": lambda said: f"{said[:6]}\n{said[6:14]}\n\n{said[14:]}",
    "wide blanks": lambda said: grouped(said, "    "),
    "commas": "，".join,
    "bars": "|".join,
    "stars": "*".join,
    "plus": "+".join,
    "long dashes": lambda said: grouped(said, "----"),
    "words of a date": lambda said: f"{said[:6]} {said[6:10]}年{said[10:12]}月{said[12:14]}日 {said[14:]}",
    "circles": lambda said: "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(c)] if c.isdigit() else c for c in said),
    "entities": lambda said: "".join(f"&#{ord(c)};" for c in said),
    "hexadecimal entities": lambda said: "".join(f"&#x{ord(c):x}" for c in said),
    "braille blanks": "\u2800".join,
    "Hangul fillers": "\u3164".join,
    "keycaps": "\ufe0f\u20e3".join,
    "Arabic digits": lambda said: "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in said),
    "Devanagari": lambda said: "".join(chr(0x966 + int(c)) if c.isdigit() else c for c in said),
    "tags": lambda said: f"{said[:6]} / {said[6:]}",
    "numerals": lambda said: "，".join(said.translate(SPOKEN)),
}


@pytest.mark.parametrize("spelt", APART.values(), ids=APART.keys())
@pytest.mark.parametrize("number", ["11010519491231002X", "350203199003071247"])
def test_an_identity_number_that_was_taken_apart_is_one(spelt: Callable[[str], str], number: str):
    number = number[:17] + identity_number_check(number[:17])
    text = f"第一段。\n此人{spelt(number)}，已核。"
    (hit,) = find(text)
    assert (hit.is_forbidden, hit.plain, text[hit.start : hit.end]) == (True, number, spelt(number))
    wrong = number[:16] + str((int(number[16]) + 1) % 10) + number[17]  # the control: none by its own check digit
    assert not any(hit.is_forbidden for hit in find(f"此人{spelt(wrong)}，已核。"))


@pytest.mark.parametrize("cross", "xＸ×ХⅩⅹχ")
def test_an_x_of_any_alphabet_ends_an_identity_number(cross: str):
    (hit,) = find(f"此人11010519491231002{cross}，已核。")
    assert (hit.is_forbidden, hit.plain) == (True, "11010519491231002X")


def test_what_may_be_explained_hides_no_number_that_may_not():
    """Eleven of its digits pass for a mobile."""
    (hit,) = find("此人350203，19900307124，" + identity_number_check("35020319900307124") + "。")
    assert hit.is_forbidden


@pytest.mark.parametrize(
    "said", ["0110105194912310 02X", "11010519491231002X9", "1转1转0转1转0转5转1转9转4转9转1转2转3转1转0转0转2转X"]
)
def test_what_may_be_one_by_chance_is_told_and_may_be_explained(said: str):
    assert [hit.is_forbidden for hit in find(f"编号{said}。")] == [False]


@pytest.mark.parametrize(
    "said",
    [
        "138\n12345678",
        "138，1234，5678",
        "138    1234    5678",
        "①③⑧①②③④⑤⑥⑦⑧",
        "١٣٨١٢٣٤٥٦٧٨",
        "1381234\n5678",
        "&#49;3812345678",
    ],
)
def test_a_mobile_that_was_taken_apart_is_one(said: str):
    text = f"电话{said}。"
    (hit,) = find(text)
    assert (hit.kind, hit.plain, text[hit.start : hit.end]) == (Kind.MOBILE, "13812345678", said)


@pytest.mark.parametrize("written", ["张·三", "张.三", "张．三", "张\n三", "张 · 三"])
def test_a_name_with_a_dot_between_is_one(written: str):
    text = f"经查，{written}违规。"
    assert ["张三" in solid(text), [hit.plain for hit in find(text, ["张三"])]] == [True, ["张三"]]


def test_two_numbers_beside_each_other_are_two():
    first, second = identity(), mobile()
    assert [hit.plain for hit in find(f"{first} {second}")] == [first, second]
    assert kind_of(first + second) is None


def test_scanning_a_long_text_takes_no_longer_than_its_length():
    """Hostile runs: many groups, many street words. Bounded work, no catastrophic pattern."""
    for text in (
        "1 " * 10_000,
        "路1" * 10_000,
        "一、" * 10_000,
        "a" * 20_000 + "@",
        "村组号" * 6_000,
        "账号1 " * 8_000,
        "闽D1" * 8_000,
        "举报人是" * 8_000,
        "一1" * 10_000,
        "12" * 10_000,
        "11010519491231002" * 1_000,
        "1一" * 10_000,
        "1，" * 10_000,
        "&#49;" * 5_000,
        "1X" * 10_000,
        "张" + "·" * 20_000,
    ):
        find(text, ["张三"])
