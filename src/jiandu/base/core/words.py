"""Labels as records keep them: in Chinese, whatever language the person at the screen reads. What is kept in both, as he reads it."""

from django.utils.translation import get_language, override

RECORDED = "zh-hans"
BOTH = " · "  # between a reason in Chinese and the same in English


def as_recorded(label: object) -> str:
    """The Chinese text of a label. For what is stored, exported or printed; screens show the label as it is."""
    with override(RECORDED):
        return str(label)


def spoken(text: str) -> str:
    """Of a reason that is kept in Chinese and English the part in the reader's language; any other text whole."""
    chinese, _mark, english = text.rpartition(BOTH)
    if not chinese or chinese[0].isascii() or not english[:1].isascii():
        return text
    return chinese if str(get_language()).startswith("zh") else english
