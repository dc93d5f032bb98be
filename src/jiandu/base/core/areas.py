"""Areas out of messy cells, in 亩 with two decimals: 1 亩 is 2,000/3 m²."""

import re
from decimal import ROUND_HALF_UP, Decimal

from jiandu.base.core.text import NOTHING, normal

MOST = Decimal(10) ** 9
AREA = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,10})(\.[0-9]{1,8})? ?(亩|m2|㎡|平方米|平米|公顷|ha)?")
#: Unit → how many 亩 it is.
UNITS = {
    "": Decimal(1),
    "亩": Decimal(1),
    **dict.fromkeys(("m2", "㎡", "平方米", "平米"), Decimal(3) / Decimal(2000)),
    **dict.fromkeys(("公顷", "ha"), Decimal(15)),
}


def parse_area_mu(value: object, *, unit: str = "") -> Decimal | None:
    """The 亩 of an area in a cell: 12.5, '12.5亩', '300平方米', with `unit` the one of its heading; None for 无, / or blank.

    Raises ValueError with the reason in Chinese.
    """
    text = normal(format(value, ".12g") if isinstance(value, float) else str("" if value is None else value))
    if text in NOTHING:
        return None
    match = AREA.fullmatch(text)
    own = normal(unit)
    if match is None:
        raise ValueError(f"不是可识别的面积，请写成 12.50(亩) 或 300平方米：{text}")
    if own not in UNITS:
        raise ValueError(f"面积单位应为亩、平方米或公顷：{unit}")
    number = Decimal(match[1].replace(",", "") + (match[2] or "")) * UNITS[match[3] or own]
    if number >= MOST:
        raise ValueError(f"面积过大，请核对单位：{text}")
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)
