"""What only one shape of rule asks: pairs of columns and days between, periods, groups with their limit."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.sources.crosscheck.tables import Column, Kind, Table
from jiandu.surfaces.desk.forms import rule_parts as parts
from jiandu.surfaces.desk.forms.rule_parts import NO_CHOICE, PAIRS, columns_of, shown, typed

MEASURES = (
    ("sum", gettext_lazy("合计")),
    ("count", gettext_lazy("条数")),
    ("distinct", gettext_lazy("不同值个数")),
)
MEASURED = {"sum": "合计", "count": "条数", "distinct": "不同值个数"}  # in sentences, which are the record's
LIMITS = (
    (">=", gettext_lazy("达到或超过")),
    (">", gettext_lazy("超过")),
    ("<=", gettext_lazy("不超过")),
    ("<", gettext_lazy("低于")),
)
#: Where a fault of the definition is shown, if its own name is no field.
OWN = {
    "other.same": "own1",
    "other.within.column": "within_column",
    "other.within.other": "within_other",
    "other.within.from": "within_from",
    "other.within.to": "within_to",
    "periods.same": "same",
    "periods.differ": "differ",
    "groups.is": "limit_is",
    "basis[0].title": "basis",
}
DATES = {Kind.DATE, Kind.MONTH, Kind.TIME}
Fields = dict[str, forms.Field]


def measured(table: Table, measure: Any, column: Any) -> dict[str, str]:
    """What a threshold says of its groups, by the word in a sentence; of any where none is chosen."""
    of = table.by_name.get(str(column))
    names = {"sum": "sum_fen" if of and of.kind == Kind.MONEY else "sum"}
    return {names.get(key, key): words for key, words in MEASURED.items() if measure in {key, None, ""}}


def own_fields(shape: str, table: Table, against: Table | None) -> Fields:
    """The fields of a shape's own part, in their order."""
    columns = columns_of(table)
    days = [(each.name, parts.words_of(each)) for each in table.columns if each.kind in DATES]
    if against is not None:
        return _pairs(columns, columns_of(against)) | _within(days, against)
    if shape == "overlap":
        return _periods(columns, days)
    return _groups(columns, days) if shape == "threshold" else {}


def _choice(label: Any, choices: list[Any], *, required: bool = True, text: Any = "") -> forms.ChoiceField:
    own = choices if required else [NO_CHOICE, *choices]
    return forms.ChoiceField(label=label, choices=own, required=required, help_text=text)


def _number(label: Any, *, least: int | None = None, initial: int | None = None, text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=10**6, initial=initial, required=False, help_text=text
    )


def _pairs(own: list[Any], other: list[Any]) -> Fields:
    fields: Fields = {}
    for number in range(1, PAIRS + 1):
        said, needed = {"number": number}, number == 1
        fields[f"own{number}"] = _choice(
            _("对应%(number)s：本表的列") % said, [NO_CHOICE, *own] if needed else own, required=needed
        )
        fields[f"other{number}"] = _choice(
            _("对应%(number)s：另一表的列") % said, [NO_CHOICE, *other] if needed else other, required=needed
        )
    return fields


def _within(days: list[Any], against: Table) -> Fields:
    theirs = [(each.name, parts.words_of(each)) for each in against.columns if each.kind in DATES]
    if not days or not theirs:
        return {}
    return {
        "within_column": _choice(_("时间限制：本表的日期列"), days, required=False),
        "within_other": _choice(_("时间限制：另一表的日期列"), theirs, required=False),
        "within_from": _number(_("另一表的日期最早在本表日期之后多少天"), text=_("之前的写负数")),
        "within_to": _number(_("另一表的日期最晚在本表日期之后多少天")),
    }


def _periods(columns: list[Any], days: list[Any]) -> Fields:
    return {
        "same": _choice(_("同一对象的列"), columns),
        "same2": _choice(_("同一对象的另一列"), columns, required=False),
        "from": _choice(_("起始列"), days),
        "to": _choice(_("终止列"), days),
        "days": _number(_("至少重合多少天"), least=1, initial=1),
        "differ": _choice(_("两条记录须不同的列"), columns, required=False),
    }


def _groups(columns: list[Any], days: list[Any]) -> Fields:
    fields: Fields = {
        "by": _choice(_("分组的列"), columns),
        "by2": _choice(_("分组的另一列"), columns, required=False),
        "by3": _choice(_("分组的第三列"), columns, required=False),
        "measure": _choice(_("计算"), list(MEASURES)),
        "column": _choice(_("计算的列"), columns, required=False, text=_("条数不用选")),
        "limit_is": _choice(_("限额关系"), list(LIMITS)),
        "limit": forms.CharField(label=_("限额（金额按元）"), max_length=16),
    }
    fields["limit_is"].required = False  # reaching the limit where nothing is said
    if days:
        fields["window"] = _choice(_("在多少天内：日期列"), days, required=False)
        fields["days"] = _number(_("在多少天内"), least=1)
    return fields


def own_part(form: Any, theirs: list[dict[str, Any]]) -> dict[str, Any]:
    """The shape's own part of a definition. What cannot be is told at its field; raises ValueError or KeyError."""
    said = form.cleaned_data
    if form.against is not None:
        return {"other": _other(form, said, theirs)}
    if form.shape == "overlap":
        same = [said[name] for name in ("same", "same2") if said.get(name)]
        periods = {"same": same, "from": said["from"], "to": said["to"], "days": said["days"] or 1}
        return {"periods": periods | ({"differ": [said["differ"]]} if said["differ"] else {})}
    return {"groups": _grouped(form, said)} if form.shape == "threshold" else {}


def _other(form: Any, said: Mapping[str, Any], theirs: list[dict[str, Any]]) -> dict[str, Any]:
    pairs = {}
    for number in range(1, PAIRS + 1):
        mine, other = said.get(f"own{number}"), said.get(f"other{number}")
        if mine and other:
            pairs[mine] = other
        elif mine or other:
            form.add_error(f"other{number}" if mine else f"own{number}", _("两边的列都要选"))
    made: dict[str, Any] = {"table": form.against.name, "same": pairs}
    if theirs:
        made["where"] = theirs
    return made | _days_between(form, said)


def _days_between(form: Any, said: Mapping[str, Any]) -> dict[str, Any]:
    mine, other = said.get("within_column"), said.get("within_other")
    if not mine and not other:
        return {}
    if not mine or not other:
        form.add_error("within_other" if mine else "within_column", _("两边的日期列都要选"))
        return {}
    for name in ("within_from", "within_to"):
        if said[name] is None:
            form.add_error(name, _("请填写天数"))
            return {}
    return {"within": {"column": mine, "other": other, "from": said["within_from"], "to": said["within_to"]}}


def _grouped(form: Any, said: Mapping[str, Any]) -> dict[str, Any]:
    column = form.table.by_name.get(said["column"])
    if said["measure"] != "count" and column is None:
        form.add_error("column", _("请选择计算的列"))
        raise ValueError
    by = [said[each] for each in ("by", "by2", "by3") if said.get(each)]
    of = column if column and said["measure"] == "sum" else Column("n", Kind.INT, "")
    try:
        limit = typed(of, said["limit"])
    except ValueError:
        form.add_error("limit", parts.WANTED[Kind.MONEY if of.kind == Kind.MONEY else Kind.INT])
        raise
    groups = {"by": by, "measure": said["measure"], "is": said["limit_is"] or ">=", "limit": limit}
    if column and said["measure"] != "count":
        groups["column"] = column.name
    if bool(said.get("window")) != bool(said.get("days")):
        form.add_error("days" if said.get("window") else "window", _("日期列和天数要一起填"))
    return groups | ({"window": said["window"], "days": said["days"]} if said.get("window") else {})


def own_values(told: Mapping[str, Any], table: Table) -> dict[str, Any]:
    """The fields that say a definition's own part."""
    if "other" in told:
        other = told["other"]
        made = {f"own{n}": mine for n, mine in enumerate(other["same"], 1)}
        made |= {f"other{n}": theirs for n, theirs in enumerate(other["same"].values(), 1)}
        return made | {f"within_{name}": value for name, value in other.get("within", {}).items()}
    if "periods" in told:
        one = told["periods"]
        same = dict(zip(("same", "same2"), one["same"], strict=False))
        return same | {name: one[name] for name in ("from", "to", "days")} | {"differ": (one.get("differ") or [""])[0]}
    if "groups" in told:
        one = told["groups"]
        by = dict(zip(("by", "by2", "by3"), one["by"], strict=False))
        of = table.by_name.get(one.get("column", "")) if one["measure"] == "sum" else None
        kept = {name: one.get(name, "") for name in ("measure", "column", "window", "days")}
        return by | kept | {"limit_is": one["is"], "limit": shown(of or Column("n", Kind.INT, ""), one["limit"])}
    return {}
