"""规则（不写代码）: a shape and its tables first, then the conditions by choice of columns; what comes out is a definition."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.words import spoken
from jiandu.sources.crosscheck import shapes, tables
from jiandu.sources.crosscheck.states import Colour
from jiandu.sources.crosscheck.tables import Kind
from jiandu.surfaces.desk.forms import rule_parts as parts
from jiandu.surfaces.desk.forms.fields import line, words
from jiandu.surfaces.desk.forms.rule_own import OWN, measured, own_fields, own_part, own_values
from jiandu.surfaces.desk.forms.rule_parts import NO_CHOICE, columns_of
from jiandu.surfaces.desk.views.choices import own_offices

SHAPES = (
    ("compare", gettext_lazy("比较：一张表中符合全部条件的记录")),
    ("missing", gettext_lazy("比对后缺失：在另一张表中找不到对应记录")),
    ("present", gettext_lazy("比对后存在：在另一张表中找到对应记录")),
    ("overlap", gettext_lazy("时间重叠：同一对象的两段时间有重合")),
    ("threshold", gettext_lazy("分组超限：按组合计、计数达到限额")),
)
JOINS = {"missing", "present"}
HEADS = ("id", "name", "level", "sentence", "blind")
FIELD = re.compile(r"(other\.)?where\[(\d+)\](?:\.([a-z]+))?")


class ShapeForm(forms.Form):
    """Which shape, over which table, against which other."""

    shape = forms.ChoiceField(label=gettext_lazy("规则类型"), choices=SHAPES)
    table = forms.ChoiceField(label=gettext_lazy("数据表"))
    other = forms.ChoiceField(
        label=gettext_lazy("比对的另一张表"), required=False, help_text=gettext_lazy("只有比对后缺失、比对后存在要选")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(table.name, table.words) for table in tables.known().values()]
        self.fields["table"].choices = known  # type: ignore[attr-defined]
        self.fields["other"].choices = [NO_CHOICE, *known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("shape") in JOINS and not said.get("other"):
            self.add_error("other", _("请选择比对的另一张表"))
        return said


class DefinitionForm(forms.Form):
    """The rest of the rule, with the columns of its tables. `definition` is what `shapes.from_data` takes."""

    id = forms.RegexField(
        r"^Z-[A-Z0-9-]+$",
        label=gettext_lazy("规则编号"),
        max_length=40,
        help_text=gettext_lazy("以 Z- 开头，用大写字母和数字；已有的编号即更新该规则"),
    )
    name = line(gettext_lazy("规则名称"), required=True, most=64)
    level = forms.ChoiceField(
        label=gettext_lazy("级别"), choices=[choice for choice in Colour.choices if choice[0] != "cleared"]
    )
    office = forms.ChoiceField(label=gettext_lazy("承办室组"))
    sentence = words(gettext_lazy("说明句式"), required=True, most=300)
    blind = words(gettext_lazy("看不见什么"), required=True, most=300)
    basis = line(gettext_lazy("依据"), required=True)
    article = line(gettext_lazy("条款"))
    place = forms.ChoiceField(label=gettext_lazy("地点所在的列"), required=False)
    note = line(gettext_lazy("制定原因"), required=True, most=200)

    def __init__(self, *args: Any, shape: str, table: str, other: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape, self.table = shape, tables.named(table)
        self.against = tables.named(other) if other and shape in JOINS else None
        self.definition: dict[str, Any] = {}
        self.fields["office"].choices = own_offices(guard.require_actor())  # type: ignore[attr-defined]
        places = [(each.name, parts.words_of(each)) for each in self.table.columns if _is_place(each)]
        self.fields["place"].choices = [("", _("村居（有这一列的）")), *places]  # type: ignore[attr-defined]
        self.fields |= own_fields(self.shape, self.table, self.against)
        self.fields |= parts.fields_of("c", self.table, parts.CONDITIONS)
        if self.against:
            self.fields |= parts.fields_of("o", self.against, parts.THEIRS)
        self.fields["sentence"].help_text = self._help()

    def _help(self) -> str:
        """What a sentence may name, as it is typed."""
        said = "".join(f"{{{words}}}" for name, words in self.known.items() if name not in self.hidden)
        named = format_html('<span translate="no">{}</span>', said)
        if self.shape == "threshold":
            return format_html("{}{}", _("用花括号写列名，只能写分组的列和计算的结果："), named)
        return format_html("{}{}", _("用花括号写列名："), named)

    @property
    def known(self) -> dict[str, str]:
        """What a sentence may name: columns by name and words, and what the shape itself measures."""
        own = dict(columns_of(self.table))
        if self.shape == "overlap":
            other = {f"other_{name}": f"另一条的{words}" for name, words in own.items()}
            return own | other | {"shared": "重合天数"}
        if self.shape != "threshold":
            return own
        return own | measured(self.table, self["measure"].value(), self["column"].value())

    @property
    def hidden(self) -> set[str]:
        """Of these, persons' names and numbers: they stand in no sentence. Of a long table the other row's are left untold."""
        personal = {each.name for each in self.table.columns if each.personal}
        return personal | {f"other_{each.name}" for each in self.table.columns if each.name not in self.table.key}

    def clean(self) -> dict[str, Any]:
        """Builds the definition and tries it; each fault stands at the field that it is of."""
        said = super().clean() or {}
        where, mine = parts.read(self, "c", self.table, parts.CONDITIONS)
        theirs, others = parts.read(self, "o", self.against, parts.THEIRS) if self.against else ([], [])
        try:
            own = own_part(self, theirs)
        except (ValueError, KeyError):
            own = {}
        sentence = parts.as_columns(said.get("sentence", ""), self.known)
        for name in parts.unknown_in(sentence, {*self.known, "place"}):
            there = "、".join(self.known.values())
            self.add_error("sentence", _("没有这一列：%(name)s。可用：%(there)s") % {"name": name, "there": there})
        if self.errors:
            return said
        self.definition = self._told(said, sentence, where) | own
        self._try(mine, others)
        return said

    def _told(self, said: Mapping[str, Any], sentence: str, where: list[dict[str, Any]]) -> dict[str, Any]:
        basis = {"title": said["basis"], **({"article": said["article"]} if said["article"] else {})}
        heads = {name: said[name].strip() for name in HEADS} | {"sentence": sentence.strip()}
        place = {"place": said["place"]} if said["place"] else {}
        return {**heads, "shape": self.shape, "table": self.table.name, "where": where, "basis": [basis], **place}

    def _try(self, mine: list[int], others: list[int]) -> None:
        """What cannot be a rule, in the reader's language."""
        try:
            shapes.from_data(self.definition)
        except shapes.Misdefined as wrong:
            for each in wrong.errors:
                self.add_error(self._place(str(each["field"]), mine, others), spoken(str(each["reason"])))

    def _place(self, field: str, mine: list[int], others: list[int]) -> str | None:
        """The field of the form that a fault's field is."""
        if found := FIELD.fullmatch(field):
            prefix, numbers = ("o", others) if found[1] else ("c", mine)
            part = found[3] if found[3] in parts.PARTS else "value"
            name = f"{prefix}{numbers[int(found[2])]}_{part}"
            return name if name in self.fields else None
        name = field.rpartition(".")[2].split("[")[0]
        own = next((mine for begins, mine in OWN.items() if field.startswith(begins)), "")
        return next((each for each in (own, name) if each in self.fields), None)

    @property
    def own(self) -> list[forms.BoundField]:
        """The fields of the shape's own part."""
        return [self[name] for name in own_fields(self.shape, self.table, self.against)]

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in ("id", "name", "level", "office")]

    @property
    def last(self) -> list[forms.BoundField]:
        return [self[name] for name in ("sentence", "blind", "basis", "article", "place", "note")]

    @property
    def conditions(self) -> list[list[forms.BoundField]]:
        """The conditions that stand there at once."""
        return self._rows("c", 1, parts.OPEN)

    @property
    def further(self) -> list[list[forms.BoundField]]:
        return self._rows("c", parts.OPEN + 1, parts.CONDITIONS)

    @property
    def has_further(self) -> bool:
        """Whether somebody has typed one of those, or one of them is wrong."""
        return any(field.value() or field.errors for row in self.further for field in row)

    @property
    def theirs(self) -> list[list[forms.BoundField]]:
        """Conditions of the other table."""
        return self._rows("o", 1, parts.THEIRS) if self.against else []

    def _rows(self, prefix: str, first: int, last: int) -> list[list[forms.BoundField]]:
        return [[self[f"{prefix}{number}_{part}"] for part in parts.PARTS] for number in range(first, last + 1)]

    @property
    def heads(self) -> list[Any]:
        return [parts.HEADS[part] for part in parts.PARTS]


def _is_place(column: tables.Column) -> bool:
    return column.kind in {Kind.TEXT, Kind.KEY} and not column.personal


def begun(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The values of both forms that make this definition."""
    told = dict(definition)
    table = tables.named(told["table"])
    against = tables.named(told["other"]["table"]) if "other" in told else None
    chosen = {"shape": told["shape"], "table": table.name, "other": against.name if against else ""}
    own = own_values(told, table)
    known = DefinitionForm(initial=own, **chosen).known
    basis = told["basis"][0]
    heads = {name: told[name] for name in HEADS} | {"sentence": parts.as_words(told["sentence"], known)}
    theirs = parts.begun("o", against, told["other"].get("where", [])) if against else {}
    return {
        **chosen,
        **heads,
        "basis": basis["title"],
        "article": basis.get("article", ""),
        "place": told.get("place", ""),
        **own,
        **parts.begun("c", table, told["where"]),
        **theirs,
    }
