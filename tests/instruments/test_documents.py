"""The Word of a sheet: what stands on it, and its layout measured in the file and on LibreOffice's page."""

import re
import subprocess
from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from tests.instruments.net import leader, seen, served, sheet, signed
from tests.world import SYSTEM, World, as_

from jiandu.base.documents.pdf import to_pdf
from jiandu.base.lexicon.selectors import items
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.instruments.letters import to_docx
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.instruments.selectors import whole
from jiandu.loop.instruments.services import drafting, signing
from jiandu.net.access.models import Level

Kind = Instrument.Kind
MM = 1440 / 25.4  # twips


def written(world: World, one: Instrument) -> bytes:
    with as_(world.viewer("干部甲")) as by:
        return to_docx(by, whole(by, seen(world, one)))


def opened(content: bytes) -> Any:
    return docx.Document(BytesIO(content))


def texts(content: bytes) -> list[str]:
    return [p.text for p in opened(content).paragraphs if p.text]


def proposal(world: World, **more: Any) -> Instrument:
    said = {
        "title": "规范储备粮轮换管理",
        "source": "粮食购销领域专项整治",
        "issuer": "厦门市监察委员会",
        "facts": "轮换计划执行不严。\n出入库手续不全。",
        "copies_to": "市委办公厅，市政府办公厅",
    }
    return signed(world, Kind.SUPERVISION, **{**said, **more})


def test_a_proposal_says_what_the_rules_ask_for_in_order(world: World) -> None:
    one = proposal(world)
    with as_(world.viewer("内勤甲")) as by:
        signing.give_number(instrument=one, by=by, word="厦监建", year=2022, serial=3)
    said = texts(written(world, one))
    assert said[:4] == ["厦门市监察委员会", "厦监建〔2022〕3号", "关于规范储备粮轮换管理的监察建议", "市教育局："]
    heads = [text for text in said if re.match("[一二三四]、", text)]
    assert heads == ["一、监督调查情况", "二、整改建议", "三、反馈要求"]  # causes were not written: no empty heading
    assert said[5:9] == ["一、监督调查情况", "轮换计划执行不严。", "出入库手续不全。", "二、整改建议"]
    assert "《中华人民共和国监察法》第十一条第三项、第四十五条第一款第五项" in said[9]
    assert said[10:12] == ["1.健全制度", "2.加强监管"]
    assert "30日内" in said[13]
    assert said[-2:] == ["厦门市监察委员会", "2022年5月6日"]
    cells = [cell.text for cell in opened(written(world, one)).tables[0]._cells]
    assert cells == ["抄送：市委办公厅，市政府办公厅。", "第一监督检查室\t2022年5月6日印发"]


def test_what_is_not_known_yet_is_left_free(world: World) -> None:
    said = texts(written(world, sheet(world, Kind.JOINT)))
    assert "　　年　月　日" in said
    assert not any("〔" in text for text in said)


def test_a_later_document_cites_the_later_law(world: World) -> None:
    one = sheet(world, Kind.SUPERVISION, drafted_on=date(2026, 3, 2))
    said = "".join(texts(written(world, one)))
    assert ("第五十二条第一款第五项" in said, "第七十一条" in said, "第四十五条" in said) == (True, True, False)


def test_a_copy_report_is_addressed_to_the_leader_of_the_day_with_its_findings_and_terms(world: World) -> None:
    leader(world, "王副市长", "市教育局")
    found = [world.finding(problem="难题旧账破解乏力", facts="三年未动。"), world.finding(problem="行业监管不力")]
    said = texts(written(world, served(world, findings=found, advice="请专题研究。")))
    assert said[1] == "关于市教育局有关问题的抄报单"
    assert "王副市长同志：" in said
    assert [text for text in said if text[:2] in {"1.", "2."}] == ["1.难题旧账破解乏力。三年未动。", "2.行业监管不力。"]
    assert any("5个工作日内研究部署，10个工作日内" in text for text in said)
    assert "请专题研究。" in said


def test_a_copy_report_says_its_number_how_long_it_is_kept_and_its_level_where_it_is_above_the_usual(
    world: World,
) -> None:
    one = sheet(world, retention="10年")
    assert texts(written(world, one))[2] == f"编号：{one.code}　　保管期限：10年"
    assert not any(text.startswith("二、问题性质") for text in texts(written(world, one)))
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        nature = items(by, "nature", 2022)[0]
        drafting.amend(instrument=one, by=by, nature=nature, retention="")
        one.level = Level.SENSITIVE
        one.save(update_fields=["level"])
    said = texts(written(world, one))
    assert said[2] == f"编号：{one.code}　　级别：工作敏感"
    assert said[said.index("二、问题性质") + 1] == nature.label_zh


def test_the_same_sheet_gives_the_same_bytes(world: World) -> None:
    one = proposal(world)
    assert written(world, one) == written(world, one)


def test_the_head_stands_where_the_standard_puts_it(world: World) -> None:
    file = opened(written(world, proposal(world)))
    section = file.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
    assert (
        file.element.body.sectPr.find(qn("w:docGrid")).get(qn("w:linePitch")) == "579"
    )  # 28.95 pt: 22 lines in 225 mm
    head, number = file.paragraphs[0]._p, file.paragraphs[1]._p
    before = head.pPr.find(qn("w:spacing")).get(qn("w:before"))
    assert int(before) / MM == pytest.approx(35, abs=0.1)
    rule = number.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert (rule.get(qn("w:color")), int(rule.get(qn("w:space"))) / 72 * 25.4) == ("FF0000", pytest.approx(4, abs=0.2))
    styles = {s.get(qn("w:styleId")): s for s in file.styles.element if s.get(qn("w:styleId"))}
    faces = {key: styles[key].find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:eastAsia")) for key in ("JRedHead", "JNumber", "JColophon")}  # fmt: skip
    assert faces == {"JRedHead": "方正小标宋简体", "JNumber": "仿宋_GB2312", "JColophon": "仿宋_GB2312"}
    assert styles["JRedHead"].find(f"{qn('w:rPr')}/{qn('w:color')}").get(qn("w:val")) == "FF0000"


def boxes(path: Path) -> list[list[tuple[float, float, str]]]:
    """For each page its words: (left, top, text) in points."""
    said = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, check=True, text=True).stdout
    found = []
    for page in said.split("</page>")[:-1]:
        words = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>([^<]+)<', page)
        found.append([(float(x), float(y), text) for x, y, text in words])
    return found


@pytest.mark.office
def test_the_page_of_libreoffice_has_pitch_and_margins(world: World, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(to_pdf(written(world, proposal(world, facts="国" * 28 * 30))))
    first, second, *_rest = boxes(path)
    lines = sorted({top for left, top, text in second if text.startswith("国" * 20)})
    pitches = [later - earlier for earlier, later in pairwise(lines)]
    assert len(pitches) > 5
    assert pitches == pytest.approx([28.95] * len(pitches), abs=0.1)
    left = min(x for x, _top, text in second if text.startswith("国"))
    assert left / 72 * 25.4 == pytest.approx(28, abs=1)
    issuer = next(top for _x, top, text in first if text.startswith("厦门市监察"))
    assert issuer / 72 * 25.4 == pytest.approx(37 + 35, abs=3)  # the box of a glyph begins a little above it
    foot = [top for _x, top, text in boxes(path)[-1] if text.startswith("抄送")]
    assert len(foot) == 1
    assert foot[0] / 72 * 25.4 > 297 - 35 - 4 * 10.2  # two lines, and the empty one of LibreOffice
