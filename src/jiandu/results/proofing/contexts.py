"""What stands around a number: the words next to it, its clause, its sentence. The same for a draft and for a measure's own text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

#: So many characters before and behind a number are looked at.
FAR = 400
#: Stands for a number with its unit.
BLANK = "\0"
STOP, PAUSE, NEAR = "。；!！?？\n", "，,：:", "、（）()“”‘’《》"
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
#: Says nothing of what is counted.
_FILL = re.compile(
    "全年|本年度|本年|今年以来|去年以来|今年|累计|共计|合计|总计|其中|目前|已经|以及|分别|上述|同时|进一步|共|已|并|各|等|了|均|约|近|另有"
)
#: Is said of anything, and tells no part from its whole.
_ORDINARY = re.compile(
    "全市|全区|我市|我区|各级|各类|各项|一批|有关|相关|基层|意见|工作|情况|问题|设立|建立|收到|发出|印发|出台|举办|组织|开展|完成|"
    "督促|推动|推进|启动|召开|参与|参加|形成|提出|发现|查找|查摆|整改|解决|落实|通过|围绕|针对|向|对|为|在|有|将|把|由|至|年|月|底"
)
#: Making rules has many names; each is heard as this one. A number may stand within it: 出台12项制度.
RULES = "建章立制"
_MADE = "新?出台|新建|新增|新立|新订|修订|修改|制修订|制定|制订|建立健全|健全完善|建立完善|建立|健全|完善|印发"
_MOVED = "(?:推动|督促|促进|指导)(?:有关|相关|主管|责任|各)*(?:单位|部门)?"
_RULES = re.compile(
    rf"(?:{_MOVED})?(?:(?:{_MADE})了?(?:相关|有关|各类|各项|配套|管理|监督|工作)*(?:规章)?制度(?:规定|机制|规范)?|规章制度|建章立制)"
)
_PART = re.compile("新建|新增|新立|新订|修订|修改")
WEIGHTS = (1.0, 0.4, 0.12)


@dataclass(frozen=True)
class Context:
    """Words of three distances: next to the number (behind it, too), in its clause, in its sentence before it."""

    near: str
    clause: str = ""
    sentence: str = ""
    after: str = ""


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> tuple[str, list[int]]:
    """The text with each span as one sign, and where these signs stand."""
    pieces, places, at, length = [], [], 0, 0
    for start, end in spans:
        pieces.append(text[at:start] + BLANK)
        length += len(pieces[-1])
        places.append(length - 1)
        at = end
    return "".join(pieces) + text[at:], places


def around(text: str, place: int) -> Context:
    """The context of the number at that place of a blanked text."""
    head, tail = text[max(0, place - FAR) : place], text[place + 1 : place + 1 + FAR]
    sentence = _since(head, STOP)
    clause = _since(head, STOP + PAUSE)
    near = _since(head, STOP + PAUSE + NEAR + BLANK)
    after = re.split(f"[{re.escape(STOP + PAUSE + NEAR + BLANK)}]", tail, maxsplit=1)[0]
    return Context(near, clause.replace(BLANK, ""), sentence.replace(BLANK, ""), after)


def _since(text: str, signs: str) -> str:
    return re.split(f"[{re.escape(signs)}]", text)[-1]


def pairs(text: str) -> list[str]:
    """Each two neighbouring characters, without what says nothing."""
    found = []
    for run in _HAN.findall(_FILL.sub(" ", _RULES.sub(RULES, text))):
        found += [run[at : at + 2] for at in range(len(run) - 1)] or [run]
    return found


def weighed(context: Context) -> dict[str, float]:
    """The pairs with the weight of the nearest place where they stand."""
    said: dict[str, float] = {}
    for text, weight in zip((context.sentence, context.clause, beside(context)), WEIGHTS[::-1], strict=True):
        said |= dict.fromkeys(pairs(text), weight)
    return said


def beside(context: Context) -> str:
    """The words next to the number; joined where they say one thing around it."""
    joined = context.near + context.after
    apart = f"{context.near}|{context.after}"
    return joined if len(_RULES.findall(joined)) > len(_RULES.findall(apart)) else apart


def is_part_of_rules(context: Context) -> bool:
    """Whether only new rules, or only revised ones, are told of: 新建制度, 修订制度."""
    return bool(_PART.search(f"{context.near}|{context.after}")) and RULES in _RULES.sub(RULES, beside(context))


def uncommon(text: str) -> str:
    """The text without what is said of anything."""
    return _ORDINARY.sub(" ", text)


def unknown(text: str, known: frozenset[str]) -> str:
    """The longest run of characters of which nothing is known: a qualifier (市教育局…) that a measure's own words lack."""
    longest = ""
    for run in _HAN.findall(_FILL.sub(" ", _RULES.sub(RULES, text))):
        is_known = [False] * len(run)
        for at in range(len(run) - 1):
            if run[at : at + 2] in known:
                is_known[at] = is_known[at + 1] = True
        rest = "".join(char if not known_here else " " for char, known_here in zip(run, is_known, strict=True))
        longest = max([longest, *_ORDINARY.sub(" ", rest).split()], key=len)
    return longest
