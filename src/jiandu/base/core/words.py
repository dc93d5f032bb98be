"""Labels as records keep them: in Chinese, whatever language the person at the screen reads."""

from django.utils.translation import override

RECORDED = "zh-hans"


def as_recorded(label: object) -> str:
    """The Chinese text of a label. For what is stored, exported or printed; screens show the label as it is."""
    with override(RECORDED):
        return str(label)
