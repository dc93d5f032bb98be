"""How names are kept and compared: spaces inside a name, widths, and the two ways of writing a village's name."""

import re

from jiandu.base.core.text import HAN, INVISIBLE, normal

BETWEEN_HAN = re.compile(f"(?<=[{HAN}]) +(?=[{HAN}])")
DOTS = re.compile("[·•・‧∙⋅・]")  # in names of other peoples: 买买提·阿不都
VILLAGE = re.compile("(?:村民委员会|村委会|村村民委员会|村村委会)$")
COMMUNITY = re.compile("(?:社区)?(?:居民委员会|居委会)$")


def tidy(name: str) -> str:
    """A name as it is kept and shown: nothing invisible, white space squeezed; what was typed otherwise stays."""
    return " ".join(INVISIBLE.sub("", name).split())


def person_name(name: str) -> str:
    """A person's name as it is kept and looked up: 张　三 is 张三, and all middle dots are one."""
    return BETWEEN_HAN.sub("", DOTS.sub("·", tidy(name)))


def name_key(name: str) -> str:
    """A unit's name for comparing: no width, case or spaces; 西滨社区居委会 is 西滨社区, 洪塘村委会 is 洪塘村."""
    return COMMUNITY.sub("社区", VILLAGE.sub("村", normal(name).replace(" ", "")))[:128]
