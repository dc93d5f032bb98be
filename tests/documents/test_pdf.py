"""Pages as LibreOffice lays them out, and what happens when it is not there."""

import re
import subprocess
import time
from datetime import date
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from tests.documents.samples import document, review

from jiandu.base.documents.blocks import Appendix, Block, Contents, Heading, Paragraph, Signature, Title
from jiandu.base.documents.fonts import FAMILIES, Fonts, configuration
from jiandu.base.documents.layout import HEI, SONG_TITLE, STYLES
from jiandu.base.documents.pdf import OfficeFailed, OfficeMissing, to_pdf
from jiandu.base.documents.word import to_docx


def told(tool: str, *arguments: str) -> str:
    return subprocess.run([tool, *arguments], capture_output=True, check=True, timeout=60, text=True).stdout


def pages(path: str) -> list[list[str]]:
    """For each page its lines, without spaces."""
    found = told("pdftotext", "-layout", path, "-").removesuffix("\f").split("\f")
    return [[re.sub(r"\s", "", line) for line in page.splitlines() if line.strip()] for page in found]


def made(folder: Path, *blocks: Block) -> str:
    (folder / "page.pdf").write_bytes(to_pdf(to_docx(document(*blocks))))
    return str(folder / "page.pdf")


@pytest.fixture(scope="module")
def review_pdf(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("review") / "review.pdf"
    path.write_bytes(to_pdf(to_docx(review())))
    return str(path)


@pytest.mark.office
def test_body_page_has_22_lines_of_28_characters(tmp_path: Path) -> None:
    found = pages(made(tmp_path, Paragraph("国" * 28 * 22 * 3, indent=False)))
    assert found == [["国" * 28] * 22 + [f"—{page}—"] for page in (1, 2, 3)]


@pytest.mark.office
def test_first_line_is_indented_by_two_characters(tmp_path: Path) -> None:
    assert pages(made(tmp_path, Paragraph("国" * 54))) == [["国" * 26, "国" * 28, "—1—"]]


@pytest.mark.office
def test_contents_name_the_page_on_which_each_heading_stands(tmp_path: Path) -> None:
    long = Paragraph("国" * 28 * 22)
    blocks = (Contents(), Title("综述"), Heading("甲"), long, Heading("乙", 2), long, long, Appendix("清单"), long)
    first, *others = pages(made(tmp_path, *blocks))
    told = [re.fullmatch(r"(.+?)\.+(\d+)", line) for line in first]
    entries = [(line[1], int(line[2])) for line in told if line]
    stands = {"一、甲": "一、甲", "（一）乙": "（一）乙", "附件：清单": "附件"}
    assert entries == [
        (entry, 2 + next(place for place, lines in enumerate(others) if head in lines))
        for entry, head in stands.items()
    ]
    assert len({page for _entry, page in entries}) == 3


@pytest.mark.office
def test_nothing_leaves_the_type_area(review_pdf: str) -> None:
    boxes = told("pdftotext", "-bbox", review_pdf, "-")
    pages = re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', boxes, re.DOTALL)
    for width, height, words in pages:
        upright = float(width) < float(height)
        left, right = (28, 26) if upright else (35, 37)
        for x1, x2 in re.findall(r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"', words):
            assert float(x1) > left / 25.4 * 72 - 2
            assert float(x2) < float(width) - right / 25.4 * 72 + 2


@pytest.mark.office
def test_pages_turn_for_the_wide_table_and_none_is_empty(review_pdf: str) -> None:
    found = pages(review_pdf)
    sizes = re.findall(r"^Page.*size: +(\d+)", told("pdfinfo", "-l", str(len(found)), review_pdf), re.MULTILINE)
    assert sizes == ["595"] * (len(found) - 3) + ["841"] * 3
    assert min(len(lines) for lines in found) > 5


@pytest.mark.office
def test_page_numbers_alternate(review_pdf: str) -> None:
    boxes = told("pdftotext", "-bbox", "-l", "2", review_pdf, "-").split("</page>")
    found = [float(re.findall(r'xMin="([\d.]+)"[^>]*>—<', page)[0]) for page in boxes[:2]]
    assert found[0] > 400
    assert found[1] < 120


@pytest.mark.office
def test_number_leads_to_the_page_of_its_entry(review_pdf: str) -> None:
    linked = told("pdftohtml", "-xml", "-i", "-stdout", review_pdf)
    (page,) = set(re.findall(r'<a href="[^"#]*#(\d+)">', linked))
    assert "主动约谈1,234人次" in pages(review_pdf)[int(page) - 1]


@pytest.mark.office
def test_table_repeats_its_heading_on_each_page(review_pdf: str) -> None:
    found = [page for page in pages(review_pdf) if any(re.fullmatch(r"单位\d+", line) for line in page)]
    assert [page.count("单位件数") for page in found] == [1] * 3


@pytest.mark.office
def test_signature_never_stands_alone(tmp_path: Path) -> None:
    signed = (Paragraph("特此报告。"), Signature("市纪委", date(2023, 1, 9)))
    for lines in (17, 18, 20):
        last = pages(made(tmp_path, Paragraph("国" * 28 * lines, indent=False), *signed))[-1]
        assert last[-4:-1] == ["特此报告。", "市纪委", "2023年1月9日"]


@pytest.mark.office
def test_fonts_come_from_the_list(tmp_path: Path) -> None:
    fonts = Fonts(families={SONG_TITLE: ("Absent Song", "Noto Serif CJK SC:bold"), HEI: ("DejaVu Sans",)})
    path = tmp_path / "review.pdf"
    path.write_bytes(to_pdf(to_docx(review()), fonts=fonts))
    listed = told("pdffonts", str(path))
    assert re.search(r"NotoSerifCJK\w+-Bold", listed)


@pytest.mark.office
def test_broken_file_is_refused() -> None:
    with pytest.raises(OfficeFailed, match="LibreOffice 未能生成 PDF / LibreOffice made no PDF"):
        to_pdf(b"PK\x03\x04 broken")


def programs(folder: Path, monkeypatch: pytest.MonkeyPatch, **scripts: str) -> None:
    """Puts shell scripts in the place of the programs; `fc_list` is fc-list."""
    for name, lines in scripts.items():
        path = folder / name.replace("_", "-")
        path.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
        path.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.parametrize(("present", "missing"), [({}, "soffice"), ({"soffice": "true"}, "fc-list")])
def test_missing_program_is_told_in_both_languages(
    present: dict[str, str], missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs(tmp_path, monkeypatch, **present)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OfficeMissing, match=rf"缺少 {missing}.*{missing} is missing"):
        to_pdf(b"")


def test_conversion_sees_nothing_of_our_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANDU_SECRET_KEY", "canary")
    out = 'while [ "$1" != --outdir ]; do shift; done; shift; env > "$1/document.pdf"; pwd >> "$1/document.pdf"'
    programs(tmp_path, monkeypatch, soffice=out, fc_list="echo 'SimHei,黑体'")
    seen = to_pdf(b"docx").decode()
    home = re.search(r"^HOME=(.*)$", seen, re.MULTILINE)
    assert home
    assert "canary" not in seen
    assert f"FONTCONFIG_FILE={home[1]}/fonts.conf" in seen
    assert not Path(home[1]).exists()


def test_slow_conversion_ends_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = f"sleep 60 & echo $! > {tmp_path}/child; wait"
    programs(tmp_path, monkeypatch, soffice=slow, fc_list="echo Arial")
    with pytest.raises(OfficeFailed, match=r"超过 0\.5 秒，已中止 / stopped after 0\.5 seconds"):
        to_pdf(b"", timeout=0.5)
    child = Path("/proc") / (tmp_path / "child").read_text().strip() / "stat"
    assert any(_has_ended(child) for _ in range(50)), "killed, and still there five seconds later"


def _has_ended(stat: Path) -> bool:
    """Whether the process is gone or waits to be buried; a killed one takes its time on a busy machine."""
    try:
        if stat.read_text().split()[2] == "Z":
            return True
    except OSError:
        return True
    time.sleep(0.1)
    return False


def rules(fonts: Fonts, installed: set[str]) -> list[tuple[str, list[str], str | None]]:
    found = fromstring(configuration(fonts, installed)).iter("match")
    return [
        (
            m.findtext("test/string"),
            [s.text for s in m.findall("edit[@name='family']/string")],
            m.findtext("edit/const"),
        )
        for m in found
    ]


def test_fonts_take_the_first_installed_and_keep_the_rest() -> None:
    made = rules(Fonts(families={HEI: ("SimHei", "FandolHei:bold", "Noto:bold")}), {"FandolHei", "Noto"})
    assert made == [(HEI, ["FandolHei", "Noto"], "bold")]


def test_fonts_are_not_made_bold_for_one_that_is_regular() -> None:
    made = rules(Fonts(families={HEI: ("SimHei", "FandolHei:bold")}), {"SimHei", "FandolHei"})
    assert made == [(HEI, ["SimHei", "FandolHei"], None)]


@pytest.mark.parametrize("installed", [{HEI, "SimHei"}, set()])
def test_fonts_leave_alone_what_is_there_or_has_no_substitute(installed: set[str]) -> None:
    assert rules(Fonts(families={HEI: ("SimHei",)}), installed) == []


def test_fonts_name_folders_before_asking_what_is_installed() -> None:
    made = fromstring(configuration(Fonts(folders=(Path("/srv/字体 & <more>"),))))
    assert [d.text for d in made.iter("dir")] == ["/srv/字体 & <more>"]


def test_every_official_family_has_substitutes_that_end_in_noto() -> None:
    assert set(FAMILIES) == {s.face for s in STYLES}
    assert all(families[-1].startswith("Noto ") for families in FAMILIES.values())
