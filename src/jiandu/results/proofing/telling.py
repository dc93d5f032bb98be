"""The words of a proof: which measure, what it says, and why the number is another."""

from django.utils.translation import gettext as _

from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import Figure, Share
from jiandu.results.proofing.cases import Case
from jiandu.results.proofing.periods import Note
from jiandu.results.proofing.sums import Sum
from jiandu.results.proofing.verdicts import Published


def value(figure: Figure) -> str:
    """52个."""
    return f"{figure.value}{_(figure.measure.unit)}"


def _named(figure: Figure) -> dict[str, str]:
    return {"label": _(figure.measure.label), "value": value(figure)}


def agrees(figure: Figure, case: Case) -> str:
    """The measure; of an approximation its exact value."""
    if case.number.quantity.is_approximate or case.number.quantity.step > 1:
        return _("“%(label)s”为%(value)s，写法成立") % _named(figure)
    return _("与“%(label)s”一致") % _named(figure)


def differs(figure: Figure) -> str:
    return _("“%(label)s”为%(value)s") % _named(figure)


def beyond(figure: Figure) -> str:
    """The draft tells of more than the viewer sees."""
    said = _("本人可见范围内“%(label)s”为%(value)s；文中的数更大，请由可见全部记录的人员核对")
    return said % _named(figure)


def nearest(figure: Figure) -> str:
    return _("不能确定是哪个统计指标；最接近的是“%(label)s”（%(value)s），请自行核对") % _named(figure)


def new_and_revised(figure: Figure) -> str:
    return _("“%(label)s”为%(value)s，新建和修订的合并统计，请自行核对") % _named(figure)


def qualified(figure: Figure, case: Case) -> str:
    if not case.named:
        return _("可能是“%(label)s”（%(value)s）的一部分，请自行核对") % _named(figure)
    said = _("“%(named)s”的数：“%(label)s”（%(value)s）不能这样拆分，请自行核对")
    return said % (_named(figure) | {"named": case.named})


def share(figure: Figure, part: Share) -> str:
    said = _("“%(label)s”中“%(name)s”为%(part)s（全部%(value)s）")
    return said % (_named(figure) | {"name": part.name, "part": f"{part.value}{_(figure.measure.unit)}"})


def other(figure: Figure, its: Figure) -> str:
    """This number is what another measure says."""
    said = _("这是“%(other)s”（%(its)s）；“%(label)s”为%(value)s")
    return said % (_named(figure) | {"other": _(its.measure.label), "its": value(its)})


def other_day(figure: Figure, asked: Ask) -> str:
    said = _("这是%(year)d年度、统计截止日%(day)s的数；“%(label)s”按本稿为%(value)s")
    return said % (_named(figure) | {"year": asked.year, "day": asked.as_of.isoformat()})


def printed(one: Published, figure: Figure) -> str:
    said = _("已定稿的《%(title)s》为%(then)s，现在记录为%(value)s")
    return said % (_named(figure) | {"title": one.title, "then": value(one.figure)})


def total(case: Case, one: Sum) -> str:
    """12＋8＝20."""
    numbers = [case.sentence.numbers[part] for part in one.parts]
    added = "＋".join(number.text for number in numbers)
    said = sum(number.quantity.said for number in numbers)
    return _("所列各部分 %(added)s 合计 %(sum)s，不是 %(total)s") % {
        "added": added,
        "sum": f"{said:f}",
        "total": case.number.text,
    }


def period(case: Case) -> str:
    """Why no measure can be asked."""
    if case.period.note == Note.CHANGE:
        return _("这是增减量，系统不统计，请自行核对")
    return _("统计指标都从年初计起，不能按“%(said)s”核对，请自行核对") % {"said": case.period.said}


def note(case: Case) -> str:
    """What is said beside a verdict of the words of time."""
    if case.period.note != Note.CLOSED:
        return ""
    year = case.period.asks[0].year
    return _("“%(said)s”在年后是指已结束的%(year)d年度，建议写明“%(year)d年”") % {
        "said": case.period.said,
        "year": year,
    }
