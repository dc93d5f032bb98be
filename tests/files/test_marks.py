"""Marks of state secrets on the first page of what is uploaded: refused, and nothing of it kept; talk about them is not."""

import io
from pathlib import Path

import docx
import openpyxl
import pytest
from django.conf import settings

from jiandu.base.core.errors import Refused
from jiandu.base.documents.pdf import to_pdf
from jiandu.base.files import store
from jiandu.base.files.marks import first_page, is_marked

MARKED = [
    "机密★1年\n关于某事的报告",
    "秘 密 ☆ 长期",
    "绝密",
    "编号001\t秘密",
    "份号：000001      机密★启用前",
    "密级：秘密",
    "密级【机密】 保管期限：10年",
    "【秘密】",
    "（机密）3年",
    "秘密*六个月",
]
PLAIN = [
    "关于加强保密工作的通知",
    "严禁泄露国家秘密、工作秘密和商业秘密",
    "对机密文件的管理不规范,责任人未签收",
    "保密工作责任制落实情况★★★",
    "内部资料 注意保存",
    "密级:内部",
    "问题表现:涉密载体(绝密、机密、秘密)登记不全",
    "工作秘密",
    "商业秘密",
    "",
]


@pytest.mark.parametrize("text", MARKED)
def test_a_mark_is_a_mark(text: str) -> None:
    assert is_marked(text)


@pytest.mark.parametrize("text", PLAIN)
def test_talk_about_secrets_is_none(text: str) -> None:
    assert not is_marked(text)


def word(text: str, *, header: str = "") -> bytes:
    document = docx.Document()
    if header:
        document.sections[0].header.paragraphs[0].text = header
    for line in text.splitlines():
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def workbook(text: str) -> bytes:
    book = openpyxl.Workbook()
    for line in text.splitlines():
        book.active.append([None, line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FILES = {
    "docx": word("机密★1年\n关于某事的报告"),
    "docx, in the header of its pages": word("关于某事的报告", header="秘密★6个月"),
    "docx, split by a tab": word("000001\t机密\n报告"),
    "xlsx": workbook("绝密\n名单"),
    "txt": "秘密★\n报告".encode(),
    "txt in GB 18030": "秘密★长期\n报告".encode("gb18030"),
}
TAKEN = {
    "docx": word("关于开展保密工作检查的通知\n严禁泄露国家秘密", header="内部资料"),
    "xlsx": workbook("单位\n涉密载体管理"),
    "txt": "保密工作总结".encode(),
    "a mark far behind the first page": word("正文\n" * 1500 + "机密★1年"),
    "pdf": b"%PDF-1.4 \x00\xff",
    "damaged": b"PK\x03\x04nothing",
}


@pytest.mark.parametrize("kind", FILES)
def test_a_marked_file_is_refused_and_nothing_stays(kind: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        store.keep([FILES[kind]])
    assert refused.value.rule == "classified"
    assert [path for path in Path(settings.DATA).rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("kind", TAKEN)
def test_any_other_file_is_taken(kind: str) -> None:
    stored = store.keep([TAKEN[kind]])
    assert store.read(stored.sha256) == TAKEN[kind]


def test_the_words_come_from_the_limited_child(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(word("甲\n乙", header="眉"))
    assert first_page(path).split() == ["眉", "甲", "乙"]


@pytest.mark.office
def test_a_marked_pdf_is_refused_and_talk_about_secrets_is_taken(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        store.keep([to_pdf(word("机密★1年\n关于某事的报告"))])
    assert refused.value.rule == "classified"
    assert [path for path in Path(settings.DATA).rglob("*") if path.is_file()] == []
    plain = to_pdf(word("关于开展保密工作检查的通知\n严禁泄露国家秘密"))
    assert store.read(store.keep([plain]).sha256) == plain
    (tmp_path / "a.pdf").write_bytes(plain)
    assert first_page(tmp_path / "a.pdf").split() == ["关于开展保密工作检查的通知", "严禁泄露国家秘密"]
