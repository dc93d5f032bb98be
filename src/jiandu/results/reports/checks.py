"""Consistency checks before 定稿锁数: what a text says against what its measures declare. Nothing here knows a measure by name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from jiandu.results.analysis.measures.registry import all_measures
from jiandu.results.analysis.selectors import Figure
from jiandu.results.reports.drafting import DATED, PLOT, SLOT, Drafted, Written

BRACKETS = re.compile(r"\[\[|\]\]|\|\|")
#: Where the noun of a number begins anew.
PAUSE = re.compile(r"[，。；：、！？“”‘’（）()《》\s,.;:!?—…]")
CHINESE_NUMERALS = "〇零一二三四五六七八九十百千万亿两"
SCALE = "余多来几十百千万亿"
SHORTEST_NOUN = 2


@dataclass(frozen=True)
class Remark:
    """One thing that the checks found: must it be put right before freezing, what it is, the figure or section concerned."""

    rule: str
    words: str
    key: str = ""
    place: int = 0
    must: bool = True


@dataclass(frozen=True)
class Named:
    """A number of the text with what it counts: the words before it since the last pause, and its unit."""

    noun: str
    key: str
    place: int


def check(drafted: Drafted, sections: list[Written]) -> list[Remark]:
    """Every remark, what must be put right first; in the order of the text within that."""
    found = [
        *_figures(drafted),
        *_rates(drafted),
        *_pictures(drafted),
        *_same_noun(drafted, sections),
        *_typed(sections),
        *_without_measures(sections),
        *_open_data(drafted),
    ]
    return sorted(found, key=lambda one: not one.must)


def _label(figure: Figure) -> str:
    return _(figure.measure.label)


def _figures(drafted: Drafted) -> Iterator[Remark]:
    """No number below nothing, no part above its whole, parts that add up: as the measures declare."""
    for key, one in drafted.figures.items():
        measure = one.measure
        if one.value < 0:
            said = _("“%(label)s”为负数：%(value)s") % {"label": _label(one), "value": one.value}
            yield Remark("negative", said, key, must=measure.unit != "元")  # more may be reversed than came in
        whole = drafted.figures.get(measure.within)
        if whole is not None and whole.as_of == one.as_of and one.value > whole.value:
            said = _("“%(label)s”（%(value)s）大于“%(whole)s”（%(all)s）")
            said %= {"label": _label(one), "value": one.value, "whole": _label(whole), "all": whole.value}
            yield Remark("within", said, key)
        parts = [part for of in measure.made_of if (part := drafted.figures.get(of)) and part.as_of == one.as_of]
        if measure.made_of and len(parts) == len(measure.made_of) and sum(part.value for part in parts) != one.value:
            said = _("各部分之和（%(sum)s）不等于“%(label)s”（%(value)s）")
            said %= {"sum": sum(part.value for part in parts), "label": _label(one), "value": one.value}
            yield Remark("parts", said, key)


def _rates(drafted: Drafted) -> Iterator[Remark]:
    """A rate of rows among rows lies within 0-100 %."""
    for ratio in drafted.ratios:
        above, below = ratio.numerator.value, ratio.denominator.value
        if not 0 <= above <= below:
            said = _("“%(label)s”超出 0-100%%：分子 %(above)s，分母 %(below)s")
            said %= {"label": _(ratio.rate.label), "above": above, "below": below}
            yield Remark("rate", said, ratio.rate.numerator)


def _pictures(drafted: Drafted) -> Iterator[Remark]:
    """The parts of a picture add up to its figure."""
    for place, section in enumerate(drafted.sections, start=1):
        for one, parts in (series for plot in section.plots for series in plot.series):
            total = sum(part.value for part in parts)
            if total != one.value:
                said = _("图中“%(label)s”各类之和为 %(sum)s，不等于 %(value)s")
                said %= {"label": _label(one), "sum": total, "value": one.value}
                yield Remark("picture", said, one.measure.key, place)


def _same_noun(drafted: Drafted, sections: list[Written]) -> Iterator[Remark]:
    """The same noun has the same number: in one paragraph it must; of another paragraph the reader is told."""
    seen: dict[str, list[Named]] = {}
    for one in _named(sections):
        seen.setdefault(one.noun, []).append(one)
    for noun, those in seen.items():
        first, *others = those
        value = drafted.figures[first.key].value
        for other in others:
            if drafted.figures[other.key].value == value:
                continue
            said = _("“%(noun)s”前后数字不同：%(value)s 与 %(other)s（“%(label)s”与“%(another)s”）")
            said %= {"noun": noun, "value": value, "other": drafted.figures[other.key].value} | {
                "label": _label(drafted.figures[first.key]),
                "another": _label(drafted.figures[other.key]),
            }
            yield Remark("noun", said, place=other.place, must=first.place == other.place)


def _named(sections: list[Written]) -> Iterator[Named]:
    for place, section in enumerate(sections, start=1):
        for line in (line for line in section.lines if not PLOT.fullmatch(line.strip())):
            pieces = SLOT.split(BRACKETS.sub("，", line))
            for number in range(1, len(pieces), 2):
                noun, key = PAUSE.split(pieces[number - 1])[-1], _key(pieces[number])
                unit = _unit(pieces[number + 1])
                if key in all_measures() and len(noun) >= SHORTEST_NOUN and not _unit(noun):
                    yield Named(f"{noun}…{unit}", key, place)


def _key(slot: str) -> str:
    said = DATED.fullmatch(slot)
    return said[1] if said else slot


@cache
def _units() -> tuple[str, ...]:
    """Units of the measures, the longest first; and what rates and heads are told in."""
    return tuple(sorted({one.unit for one in all_measures().values()} | {"%", "％", "个百分点"}, key=len, reverse=True))


def _unit(words: str) -> str:
    return next((unit for unit in _units() if words.startswith(unit)), "")


def _typed(sections: list[Written]) -> Iterator[Remark]:
    """Digits are not typed. With a unit that figures have, a number must come from a measure; another is pointed out."""
    units = "|".join(map(re.escape, _units()))
    numeral = f"[0-9０-９][0-9０-９.,，．]*|[{CHINESE_NUMERALS}]+"
    typed = re.compile(
        rf"(?<![第0-9０-９{CHINESE_NUMERALS}])(?P<number>{numeral})(?P<scale>[{SCALE}]*)(?P<unit>{units})?"
    )
    for place, section in enumerate(sections, start=1):
        lines = [section.title, *(line for line in section.lines if not PLOT.fullmatch(line.strip()))]
        for said in typed.finditer(SLOT.sub("\n", "\n".join(lines))):
            number, unit = said["number"] + said["scale"], said["unit"] or ""
            is_digit = number[0] not in CHINESE_NUMERALS
            if not is_digit and (not unit or number == "一"):
                continue  # 一项目一方案, 十分: words, not figures
            must = bool(unit) and (is_digit or len(number) > 1)
            words = _("手写数字“%(said)s”：统计数字应由指标填入") if must else _("手写数字“%(said)s”：请核对")
            yield Remark("typed", words % {"said": number + unit}, place=place, must=must)


def _without_measures(sections: list[Written]) -> Iterator[Remark]:
    for place, section in enumerate(sections, start=1):
        slots = {_key(slot) for line in section.lines for slot in SLOT.findall(line)}
        if not slots & set(all_measures()):
            said = _("“%(title)s”没有引用统计指标") % {"title": section.title}
            yield Remark("no-measure", said, place=place, must=False)


def _open_data(drafted: Drafted) -> Iterator[Remark]:
    """Rows that count and whose data is open: they were entered incomplete, or with a date that was inferred."""
    for key, one in drafted.figures.items():
        if one.doubts:
            each = [_("%(doubt)s %(count)d 条") % {"doubt": _(label), "count": count} for label, count in one.doubts]
            said = _("“%(label)s”所计 %(rows)d 条记录中：%(each)s")
            said %= {"label": _label(one), "rows": one.rows, "each": " · ".join(each)}
            yield Remark("open-data", said, key, must=False)
