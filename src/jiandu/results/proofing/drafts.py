"""Drafts in and out: Word and text files, read in the limited child; Word with comments on its numbers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets.commenting import Comment, commented
from jiandu.base.core.sheets.errors import SheetRefused
from jiandu.base.core.sheets.limits import MIB, SMALL
from jiandu.base.core.sheets.reader import read_words
from jiandu.base.core.text import decode_bytes
from jiandu.base.files.marks import is_marked
from jiandu.results.proofing.proving import Draft
from jiandu.results.proofing.verdicts import Proof, Verdict

LIMITS = replace(SMALL, file_bytes=16 * MIB, cpu_seconds=10, wall_seconds=20)
LONGEST = 200_000  # characters
WORD, TEXT = ".docx", ".txt"
AUTHOR = "校数"
#: What is said of a Word file that the limited reader refuses; of all other reasons: it cannot be trusted.
_WHY = {
    "empty": gettext_noop("文件是空的，请确认选对了文件"),
    "old_excel": gettext_noop("这是旧版 Word（.doc）文件，请另存为 .docx 后再校"),
    "password": gettext_noop("文件设有打开密码，请清除密码后再校"),
    "macros": gettext_noop("文件含有宏程序，不予接收；请另存为 .docx 后再校"),
    "embedded": gettext_noop("文件内嵌了其他文件或控件，请删除嵌入对象后再校"),
    "not_a_sheet": gettext_noop("这不是 Word（.docx）文件，请用 Word 或 WPS 另存为 .docx 后再校"),
    "file_too_big": gettext_noop("文件过大，请删除图片后再校"),
    "unpacked_too_big": gettext_noop("文件过大，请删除图片后再校"),
    "too_slow": gettext_noop("读取超时，文件过大或结构异常；请把文字粘贴过来校"),
    "too_much_memory": gettext_noop("文件过大或结构异常；请把文字粘贴过来校"),
    "long_text": gettext_noop("文字超过20万字，请分成几份校"),
}
_UNTRUSTED = gettext_noop(
    "文件已损坏或结构异常，不予读取；请用 Word 或 WPS 打开核对后另存为 .docx，来历不明的文件不要打开"
)


def paragraphs_of(content: bytes, name: str) -> list[str]:
    """The paragraphs of a .docx or .txt. Raises Refused: draft-kind, draft-file, draft-text, draft-empty, classified."""
    ending = Path(name).suffix.casefold()
    if ending == WORD:
        return checked(_words(content))
    if ending == TEXT:
        return checked(_text(content))
    raise Refused("draft-kind", "只能校 .docx 和 .txt 文件：%(name)s", name=Path(name).name[:100])


def checked(paragraphs: list[str]) -> list[str]:
    """The draft, when it says something, is not too long and bears no mark of a state secret."""
    if not any(text.strip() for text in paragraphs):
        raise Refused("draft-empty", "文稿中没有文字")
    if sum(map(len, paragraphs)) > LONGEST:
        raise Refused("draft-file", _WHY["long_text"])
    if is_marked("\n".join(paragraphs)):
        raise Refused("classified", "文件带有国家秘密标志,本系统不得存储、处理涉密文件")
    return paragraphs


def _words(content: bytes) -> list[str]:
    try:
        with read_words(content, limits=LIMITS) as rows:
            return [str(row.values[0] or "") for row in rows]
    except SheetRefused as refused:
        raise _refused(refused) from refused


def _refused(refused: SheetRefused) -> Refused:
    return Refused("draft-file", _WHY.get(refused.code, _UNTRUSTED))


def _text(content: bytes) -> list[str]:
    if len(content) > LIMITS.file_bytes:
        raise Refused("draft-file", _WHY["file_too_big"])
    try:
        text, _encoding, _warnings = decode_bytes(content)
    except ValueError as error:
        raise Refused("draft-text", "不能识别文字编码，请另存为 UTF-8 文本后再校") from error
    return text.splitlines()


def with_comments(draft: Draft, content: bytes | None = None) -> bytes:
    """The officer's Word file (of a text: a new one) with a comment on each number that is wrong or has no source."""
    if content is None:
        content = _as_word(draft.paragraphs)
    said = [_comment(proof) for proof in draft.proofs if proof.verdict != Verdict.AGREES]
    try:
        return commented(content, said, limits=LIMITS)
    except SheetRefused as refused:
        raise _refused(refused) from refused


def _comment(proof: Proof) -> Comment:
    number = proof.number
    return Comment(proof.paragraph, number.start, number.end, "\n".join(told(proof)), AUTHOR)


def told(proof: Proof) -> list[str]:
    """A proof line by line: verdict and why; the definition and the day."""
    lines = [f"{proof.verdict.label}：{proof.words}"]
    if proof.figure is not None:
        one = proof.figure.measure
        lines.append(
            _("口径：%(basis)s，%(definition)s") % {"basis": _(one.basis.label), "definition": _(one.definition)}
        )
        if proof.ask is not None:
            lines.append(_("统计截止日：%(day)s") % {"day": proof.ask.as_of.isoformat()})
    return lines


def _as_word(paragraphs: Sequence[str]) -> bytes:
    """A text as a Word file, a paragraph each."""
    from jiandu.base.documents.blocks import Document, Paragraph  # noqa: PLC0415 -- slow import: python-docx
    from jiandu.base.documents.word import to_docx  # noqa: PLC0415 -- as above

    blocks = tuple(Paragraph(text) for text in paragraphs)
    return to_docx(Document(title=AUTHOR, author=AUTHOR, at=datetime.now(UTC), blocks=blocks))
