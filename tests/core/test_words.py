"""What is kept in both languages is read in one."""

import pytest
from django.utils.translation import override

from jiandu.base.core.words import spoken

BOTH = "不是可识别的面积，请写成 12.50(亩)：三亩 · not an area; write 12.50 (亩) or 300平方米"


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        (BOTH, "不是可识别的面积，请写成 12.50(亩)：三亩", "not an area; write 12.50 (亩) or 300平方米"),
        ("应为经营性、非经营性之一", "应为经营性、非经营性之一", "应为经营性、非经营性之一"),
        ("村集体 · 资产", "村集体 · 资产", "村集体 · 资产"),
        ("only · English", "only · English", "only · English"),
        ("", "", ""),
    ],
)
def test_a_reason_kept_in_both_languages_is_read_in_one(text: str, chinese: str, english: str) -> None:
    said = []
    for language in ("zh-hans", "en"):
        with override(language):
            said.append(spoken(text))
    assert said == [chinese, english]
