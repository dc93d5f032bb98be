"""The parts of a rule made by form as somebody types them, and as its definition says them: conditions, values, sentences.

Money is typed in yuan, a day that moves with the run as 判断日-30, the values of a list with 、 between them; a sentence names
columns by their words. What was typed can be had back from a definition, so that a rule is mended by the same form.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.sources.crosscheck.tables import Column, Kind, Table, parse

CONDITIONS, THEIRS, PAIRS = 8, 3, 3  # of the rule's table, of the other table, columns that say the same
OPEN = 3  # conditions that stand there before more are asked for
NO_CHOICE = ("", "—")
SIGNS = (
    NO_CHOICE,
    *((sign, sign) for sign in ("=", "!=", "<", "<=", ">", ">=")),
    ("in", gettext_lazy("是其中之一")),
    ("not in", gettext_lazy("不在其中")),
    ("contains", gettext_lazy("包含")),
    ("empty", gettext_lazy("为空")),
    ("filled", gettext_lazy("不为空")),
)
LISTED, BARE = {"in", "not in"}, {"empty", "filled"}
PARTS = ("column", "is", "value", "to", "percent", "plus")
HEADS = {
    "column": gettext_lazy("列"),
    "is": gettext_lazy("关系"),
    "value": gettext_lazy("值"),
    "to": gettext_lazy("或另一列"),
    "percent": gettext_lazy("另一列的%"),
    "plus": gettext_lazy("再加（元、天）"),
}
MOVING = re.compile(r"(?:判断日|today)\s*(?:([+＋\-－−])\s*(\d{1,5}))?\s*(?:天|days?)?", re.IGNORECASE)
DATES = {Kind.DATE, Kind.MONTH, Kind.TIME}
BRACED = re.compile(r"\{([^{}]*)\}")
WANTED = {
    Kind.MONEY: gettext_lazy("应为金额，按元填写，如 24,000"),
    Kind.INT: gettext_lazy("应为整数"),
    Kind.FLOAT: gettext_lazy("应为数"),
    Kind.FLAG: gettext_lazy("应填 是 或 否"),
    Kind.DATE: gettext_lazy("应为日期，如 2024-12-31，或 判断日-30"),
    Kind.MONTH: gettext_lazy("应为日期，如 2024-12-31，或 判断日-30"),
    Kind.TIME: gettext_lazy("应为时刻，如 2024-12-31 08:00，或 判断日-30"),
}
FLAGS = {"是": True, "否": False, "yes": True, "no": False}

Values = Mapping[str, Any]


def words_of(column: Column) -> str:
    """What a column is called."""
    return column.words.split("#")[0].strip()


def columns_of(table: Table) -> list[tuple[str, str]]:
    """Its columns by their words."""
    return [(each.name, words_of(each)) for each in table.columns]


def typed(column: Column, text: str) -> Any:
    """What was typed as a definition writes it: money from yuan to fen, flags, numbers; days stay text. Raises ValueError."""
    text = text.strip()
    if column.kind == Kind.MONEY:
        return round(float(text.replace(",", "").replace("，", "")) * 100)
    if column.kind == Kind.FLAG:
        return FLAGS[text.lower()]
    return parse(text, column.kind) if column.kind in {Kind.INT, Kind.FLOAT} else text


def shown(column: Column, value: Any) -> str:
    """The same as it is typed."""
    if column.kind == Kind.MONEY:
        return f"{value / 100:.2f}".removesuffix(".00")
    return ("是" if value else "否") if column.kind == Kind.FLAG else str(value)


def fields_of(prefix: str, table: Table, many: int) -> dict[str, forms.Field]:
    """The fields of so many conditions, each labelled for whoever hears the form."""
    columns = [NO_CHOICE, *columns_of(table)]
    made: dict[str, forms.Field] = {}
    for number in range(1, many + 1):
        one: dict[str, forms.Field] = {
            "column": forms.ChoiceField(choices=columns, required=False),
            "is": forms.ChoiceField(choices=SIGNS, required=False),
            "value": forms.CharField(max_length=200, required=False),
            "to": forms.ChoiceField(choices=columns, required=False),
            "percent": forms.IntegerField(min_value=1, max_value=10**6, required=False),
            "plus": forms.DecimalField(max_digits=12, decimal_places=2, required=False),
        }
        for name, field in one.items():
            field.label = _("条件%(number)s：%(part)s") % {"number": number, "part": HEADS[name]}
            field.widget.attrs["aria-label"] = str(field.label)
            made[f"{prefix}{number}_{name}"] = field
    return made


def read(form: forms.Form, prefix: str, table: Table, many: int) -> tuple[list[dict[str, Any]], list[int]]:
    """The conditions that were typed, and the number of each; what cannot be a value is told at its field."""
    found, numbers = [], []
    for number in range(1, many + 1):
        said = {part: form.cleaned_data.get(f"{prefix}{number}_{part}") for part in PARTS}
        if not any(said.values()):
            continue
        one = _condition(form, f"{prefix}{number}_", table, said)
        if one:
            found.append(one)
            numbers.append(number)
    return found, numbers


def _condition(form: forms.Form, at: str, table: Table, said: Values) -> dict[str, Any] | None:
    for part in ("column", "is"):
        if not said[part]:
            form.add_error(f"{at}{part}", _("请选择"))
            return None
    column, one = table.by_name[said["column"]], {"column": said["column"], "is": said["is"]}
    if said["is"] in BARE:
        return one
    if said["to"]:
        plus = said["plus"] * 100 if said["plus"] and column.kind == Kind.MONEY else said["plus"]
        percent = {"percent": said["percent"]} if said["percent"] else {}
        return one | {"to": said["to"]} | percent | ({"plus": int(plus)} if plus else {})
    if not said["value"]:
        form.add_error(f"{at}value", _("请填写值，或选另一列"))
        return None
    try:
        return one | _right(column, said["is"], said["value"].strip())
    except (ValueError, KeyError, OverflowError):
        form.add_error(f"{at}value", WANTED.get(column.kind, _("不是这一列的值")))
        return None


def _right(column: Column, sign: str, text: str) -> dict[str, Any]:
    """What a column is held against."""
    moved = MOVING.fullmatch(text) if column.kind in DATES else None
    if moved and sign not in LISTED:
        return {"day": int(moved[2] or 0) * (1 if moved[1] in {None, "+", "＋"} else -1)}
    if sign in LISTED:
        return {"values": [typed(column, each) for each in re.split("[、;；\n]", text) if each.strip()]}
    return {"value": typed(column, text)}


def begun(prefix: str, table: Table, where: Iterable[Values]) -> dict[str, Any]:
    """The fields that say these conditions."""
    made: dict[str, Any] = {}
    for number, one in enumerate(where, 1):
        column = table.by_name[one["column"]]
        made |= {f"{prefix}{number}_{part}": one[part] for part in ("column", "is", "to", "percent") if part in one}
        if "plus" in one:
            made[f"{prefix}{number}_plus"] = one["plus"] / 100 if column.kind == Kind.MONEY else one["plus"]
        if "day" in one:
            made[f"{prefix}{number}_value"] = f"判断日{one['day']:+d}" if one["day"] else "判断日"
        elif "values" in one:
            made[f"{prefix}{number}_value"] = "、".join(shown(column, each) for each in one["values"])
        elif "value" in one:
            made[f"{prefix}{number}_value"] = shown(column, one["value"])
    return made


def as_columns(sentence: str, known: Mapping[str, str]) -> str:
    """A sentence with the names of columns where their words stood in braces; what is unknown stays."""
    by_words = {words: name for name, words in known.items()}
    return BRACED.sub(lambda found: f"{{{by_words.get(found[1].strip(), found[1])}}}", sentence)


def as_words(sentence: str, known: Mapping[str, str]) -> str:
    """The same back again."""
    return BRACED.sub(lambda found: f"{{{known.get(found[1], found[1])}}}", sentence)


def unknown_in(sentence: str, known: Iterable[str]) -> list[str]:
    """What stands in braces and is no column that may be said."""
    there = set(known)
    return [found for found in BRACED.findall(sentence) if found not in there]
