"""规则（不写代码）: a shape and its tables first, then the conditions by choice of columns; what comes out is a definition."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.sources.crosscheck import tables
from jiandu.sources.crosscheck.states import Colour
from jiandu.sources.crosscheck.tables import Column, Kind, Table, parse
from jiandu.surfaces.desk.forms.fields import line, words
from jiandu.surfaces.desk.views.choices import own_offices

SHAPES = (
    ("compare", _("比较：一张表中符合全部条件的记录")),
    ("missing", _("比对后缺失：在另一张表中找不到对应记录")),
    ("present", _("比对后存在：在另一张表中找到对应记录")),
    ("overlap", _("时间重叠：同一对象的两段时间有重合")),
    ("threshold", _("分组超限：按组合计、计数达到限额")),
)
SIGNS = ("=", "!=", "<", "<=", ">", ">=", "contains", "empty", "filled")
SIGN_WORDS = {
    "contains": _("包含"),
    "empty": _("为空"),
    "filled": _("不为空"),
}
MEASURES = (("sum", _("合计")), ("count", _("条数")), ("distinct", _("不同值个数")))
CONDITIONS, PAIRS = 3, 2
CONDITION = re.compile(r"c\d+_")
JOINS = {"missing", "present"}
NO_CHOICE = ("", "—")


class ShapeForm(forms.Form):
    """Which shape, over which table, against which other."""

    shape = forms.ChoiceField(label=_("规则类型"), choices=SHAPES)
    table = forms.ChoiceField(label=_("数据表"))
    other = forms.ChoiceField(label=_("比对的另一张表"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = sorted((table.name, table.words) for table in tables.known().values())
        self.fields["table"].choices = known  # type: ignore[attr-defined]
        self.fields["other"].choices = [NO_CHOICE, *known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("shape") in JOINS and not said.get("other"):
            self.add_error("other", _("请选择比对的另一张表"))
        return said


def columns_of(table: Table) -> list[tuple[str, str]]:
    """Its columns by their words."""
    return [(each.name, each.words.split("#")[0].strip()) for each in table.columns]


class DefinitionForm(forms.Form):
    """The rest of the rule, with the columns of its tables. `definition` is what `shapes.from_data` takes."""

    id = forms.RegexField(
        r"^Z-[A-Z0-9-]+$", label=_("规则编号"), max_length=40, help_text=_("以 Z- 开头，用大写字母和数字，如 Z-1")
    )
    name = line(_("规则名称"), required=True, most=64)
    level = forms.ChoiceField(label=_("级别"), choices=[choice for choice in Colour.choices if choice[0] != "cleared"])
    sentence = words(_("说明句式"), required=True, most=300)
    blind = words(_("看不见什么"), required=True, most=300)
    basis = line(_("依据"), required=True)
    article = line(_("条款"))
    office = forms.ChoiceField(label=_("承办室组"))
    note = line(_("制定原因"), required=True, most=200)

    def __init__(self, *args: Any, shape: str, table: str, other: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape, self.table = shape, tables.named(table)
        self.against = tables.named(other) if other and shape in JOINS else None
        self.fields["office"].choices = own_offices(guard.require_actor())  # type: ignore[attr-defined]
        self.fields["sentence"].help_text = _("用花括号写列名：%(columns)s") % {
            "columns": " ".join(f"{{{each.name}}}" for each in self.table.columns if not each.personal)
        }
        for number in range(1, CONDITIONS + 1):
            self._condition(number)
        for name, field in self._parts().items():
            self.fields[name] = field

    def _condition(self, number: int) -> None:
        columns = [NO_CHOICE, *columns_of(self.table)]
        signs = [NO_CHOICE, *((sign, SIGN_WORDS.get(sign, sign)) for sign in SIGNS)]
        self.fields[f"c{number}_column"] = forms.ChoiceField(label=_("列"), choices=columns, required=False)
        self.fields[f"c{number}_is"] = forms.ChoiceField(label=_("关系"), choices=signs, required=False)
        self.fields[f"c{number}_value"] = forms.CharField(
            label=_("值"),
            max_length=64,
            required=False,
            help_text=_("金额按元填写；日期如 2024-12-31"),
        )
        self.fields[f"c{number}_to"] = forms.ChoiceField(label=_("或另一列"), choices=columns, required=False)
        self.fields[f"c{number}_percent"] = forms.IntegerField(label=_("另一列的百分之几"), min_value=1, required=False)

    def _parts(self) -> dict[str, forms.Field]:
        columns = columns_of(self.table)
        maybe = [NO_CHOICE, *columns]
        if self.against is not None:
            return _pairs(maybe, [NO_CHOICE, *columns_of(self.against)])
        if self.shape == "overlap":
            return {
                "same": forms.ChoiceField(label=_("同一对象的列"), choices=columns),
                "from": forms.ChoiceField(label=_("起始列"), choices=columns),
                "to": forms.ChoiceField(label=_("终止列"), choices=columns),
                "days": forms.IntegerField(label=_("至少重合多少天"), min_value=1, initial=1),
            }
        if self.shape == "threshold":
            return {
                "by": forms.ChoiceField(label=_("分组的列"), choices=columns),
                "by2": forms.ChoiceField(label=_("分组的另一列"), choices=maybe, required=False),
                "measure": forms.ChoiceField(label=_("计算"), choices=MEASURES),
                "column": forms.ChoiceField(label=_("计算的列"), choices=maybe, required=False),
                "limit": forms.CharField(label=_("达到多少（金额按元）"), max_length=16),
                "window": forms.ChoiceField(label=_("在多少天内：日期列"), choices=maybe, required=False),
                "days": forms.IntegerField(label=_("在多少天内"), min_value=1, required=False),
            }
        return {}

    @property
    def blocks(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields as they stand together: what the rule says, its own part, each condition."""
        own = [name for name in self.fields if name not in self.base_fields and not CONDITION.match(name)]
        blocks: list[tuple[Any, list[str]]] = [("", list(self.base_fields)), (_("本类型的内容"), own)]
        for number in range(1, CONDITIONS + 1):
            of = [name for name in self.fields if name.startswith(f"c{number}_")]
            blocks.append((_("条件%(number)s") % {"number": number}, of))
        return [(title, [self[name] for name in names]) for title, names in blocks if names]

    @property
    def definition(self) -> dict[str, Any]:
        """The rule as data. Raises ValueError for a value that its column cannot hold."""
        said = self.cleaned_data
        basis = {"title": said["basis"], **({"article": said["article"]} if said["article"] else {})}
        heads = {name: said[name].strip() for name in ("id", "name", "level", "sentence", "blind")}
        where = [one for number in range(1, CONDITIONS + 1) if (one := self._where(number))]
        shaped = {"shape": self.shape, "table": self.table.name, "where": where, "basis": [basis]}
        return {**heads, **shaped, **self._own_part()}

    def _where(self, number: int) -> dict[str, Any] | None:
        said = {name: self.cleaned_data[f"c{number}_{name}"] for name in ("column", "is", "value", "to", "percent")}
        if not said["column"] or not said["is"]:
            return None
        one: dict[str, Any] = {"column": said["column"], "is": said["is"]}
        if said["is"] in {"empty", "filled"}:
            return one
        if said["to"]:
            return one | {"to": said["to"]} | ({"percent": said["percent"]} if said["percent"] else {})
        return one | {"value": typed(self.table.by_name[said["column"]], said["value"])}

    def _own_part(self) -> dict[str, Any]:
        said = self.cleaned_data
        if self.against is not None:
            pairs = {said[f"own{n}"]: said[f"other{n}"] for n in range(1, PAIRS + 1) if said[f"own{n}"]}
            return {"other": {"table": self.against.name, "same": pairs}}
        if self.shape == "overlap":
            return {"periods": {"same": [said["same"]], "from": said["from"], "to": said["to"], "days": said["days"]}}
        if self.shape == "threshold":
            return {"groups": self._groups()}
        return {}

    def _groups(self) -> dict[str, Any]:
        said = self.cleaned_data
        column = self.table.by_name.get(said["column"])
        limit: Any = typed(column, said["limit"]) if column and said["measure"] == "sum" else int(said["limit"])
        by = [each for each in (said["by"], said["by2"]) if each]
        groups = {"by": by, "measure": said["measure"], "is": ">=", "limit": limit}
        if column and said["measure"] != "count":
            groups["column"] = column.name
        return groups | ({"window": said["window"], "days": said["days"]} if said["window"] and said["days"] else {})


def _pairs(own: list[Any], other: list[Any]) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for number in range(1, PAIRS + 1):
        said, needed = {"number": number}, number == 1
        fields[f"own{number}"] = forms.ChoiceField(
            label=_("对应%(number)s：本表的列") % said, choices=own, required=needed
        )
        fields[f"other{number}"] = forms.ChoiceField(
            label=_("对应%(number)s：另一表的列") % said, choices=other, required=needed
        )
    return fields


def typed(column: Column, text: str) -> Any:
    """What was typed as the definition writes it: money from yuan to fen, flags, numbers; days stay text."""
    text = text.strip()
    if column.kind == Kind.MONEY:
        return round(float(text.replace(",", "")) * 100)
    if column.kind in {Kind.INT, Kind.FLOAT}:
        return parse(text, column.kind)
    return text in {"是", "true"} if column.kind == Kind.FLAG else text
