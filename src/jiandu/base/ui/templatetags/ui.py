"""What templates need besides components: formats of dates, money and counts; links that keep the query; form controls.

Pure: no clock, no query. A missing value gives an empty string.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect, Select, Textarea
from django.forms.widgets import CheckboxSelectMultiple, FileInput, Widget
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from jiandu.base.core import words

register = template.Library()

TONES = ("neutral", "info", "progress", "warn", "danger", "done")
STATE_TONES = {  # states by their stored value and by the word that stands on the page; the rest is neutral
    **dict.fromkeys(["assigned", "transferred", "clue_passed", "staged"], "info"),
    **dict.fromkeys(["rectifying", "to_verify", "to_approve"], "progress"),
    **dict.fromkeys(["suspended"], "warn"),
    **dict.fromkeys(["closed"], "done"),
    **dict.fromkeys(["已交办", "已立项", "已签批", "已送达", "移交", "移送问题线索", "阶段性销号", "诉讼中"], "info"),
    **dict.fromkeys(["整改中", "跟进中", "在办", "待核验", "待审批", "待结项"], "progress"),
    **dict.fromkeys(["临期", "提醒", "中止", "基本到位继续跟踪", "部分清退", "部分采纳", "延期结项"], "warn"),
    **dict.fromkeys(["超期", "督办", "挂牌督办", "重新挂账", "逾期未反馈", "未清退", "新占用"], "danger"),
    **dict.fromkeys(["整改不到位", "问题反弹", "虚假整改"], "danger"),
    **dict.fromkeys(["已销号", "已办", "整改到位", "已清退", "采纳", "已反馈", "同意结项", "已批示"], "done"),
}


def _local(value: dt.date) -> dt.date:
    """The same moment in the office's time zone; dates and naive moments unchanged."""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def date_zh(value: dt.date | None) -> str:
    """2022年3月22日; the English catalogue decides on its own order."""
    if not value:
        return ""
    day = _local(value)
    return gettext("%(year)d年%(month)d月%(day)d日") % {"year": day.year, "month": day.month, "day": day.day}


@register.filter
def iso(value: dt.date | None) -> str:
    """2022-03-22, or 2022-03-22 14:05 for a moment."""
    if not value:
        return ""
    day = _local(value)
    return f"{day:%Y-%m-%d %H:%M}" if isinstance(day, dt.datetime) else day.isoformat()


@register.filter
def money_fen(value: int | None, style: str = "") -> str:
    """¥1,234.50 from 123450 fen; with style "wan" 0.12万元 in Chinese (English has no 万 and stays with yuan)."""
    if value is None:
        return ""
    sign = "-" if value < 0 else ""
    if style == "wan" and (get_language() or "zh").startswith("zh"):
        amount = (Decimal(abs(value)) / 1_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return f"{sign}{amount:,}万元"
    return f"{sign}¥{Decimal(abs(value)) / 100:,.2f}"


@register.filter
def count(value: int | None, cap: int | None = None) -> str:
    """1,234; with a cap, what lies above it is shown as 1000+ (counting further would cost more than it tells)."""
    if value is None:
        return ""
    return f"{cap}+" if cap is not None and value > cap else f"{value:,}"


@register.filter
def days_left(due: dt.date | int | None, today: dt.date | None = None) -> str:
    """剩3天 · 今日到期 · 超期2天, from a number of days (negative: past) or a due date and today's date."""
    if due is None or due == "":
        return ""
    if isinstance(due, int):
        days = due
    elif today is None:
        raise template.TemplateSyntaxError("days_left: a due date needs today's date as argument")
    else:
        days = (due - today).days
    if days == 0:
        return gettext("今日到期")
    if days > 0:
        return ngettext("剩%(days)d天", "剩%(days)d天", days) % {"days": days}
    return ngettext("超期%(days)d天", "超期%(days)d天", -days) % {"days": -days}


@register.filter
def tone(state: object, tones: Mapping[str, str] | None = None) -> str:
    """The colour of a state: a tone's own name, else by the given table or the words of the trade; else neutral."""
    word = str(state)
    if word in TONES:
        return word
    return (STATE_TONES if tones is None else tones).get(word, "neutral")


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """`?…`: the present query with these parameters replaced; None or "" takes one out, a list repeats it."""
    request = context.get("request")
    kept = dict(request.GET.lists()) if request is not None else {}
    for name, value in changes.items():
        values = value if isinstance(value, list | tuple) else [value]
        kept[name] = [str(item) for item in values if item is not None and item != ""]
    return "?" + urlencode(kept, doseq=True)


class Cell(NamedTuple):
    """One cell with everything known: unpacked in the table's loop, because lookups in dictionaries were half its time."""

    kind: str
    label: str
    text: object
    href: str = ""
    tone: str = ""
    title: object = ""
    sub: str = ""
    sub_tone: str = ""


@register.filter
def cells(columns: Iterable[Mapping[str, str]], row: Mapping[str, Any]) -> Iterator[Cell]:
    """The cells of one row under their columns. Raises ValueError when a cell is missing or one too many."""
    href = row.get("href", "")  # the row's own link stands on its first cell
    for column, given in zip(columns, row["cells"], strict=True):
        rich = given if isinstance(given, Mapping) else {"text": given}
        text = "" if rich["text"] is None else rich["text"]
        kind = column.get("kind", "")
        yield Cell(
            kind,
            column["label"],
            text,
            rich.get("href") or href,
            tone(rich["tone"]) if rich.get("tone") else "",
            rich.get("title") or (text if kind == "main" else ""),
            rich.get("sub", ""),
            tone(rich.get("sub_tone")),
        )
        href = ""


@register.filter
def passed(attrs: Any) -> SafeString:
    """What a component was given beyond its own attributes (id, hx-…, data-…), escaped; cotton's `attrs` is raw."""
    given = [(name, value) for name, value in attrs.attrs_dict().items() if value is not None and value is not False]
    return format_html_join("", " {}{}", ((name, "" if value is True else _quoted(value)) for name, value in given))


def _quoted(value: object) -> SafeString:
    return format_html('="{}"', value)


LOOKS: dict[str, type[Widget] | tuple[type[Widget], ...]] = {
    "check": CheckboxInput,
    "choices": (RadioSelect, CheckboxSelectMultiple),
    "select": Select,
    "textarea": Textarea,
    "file": FileInput,
}
CLASSES = {"check": "form-check-input", "choices": "", "select": "form-select"}


@register.filter
def kind(field: BoundField) -> str:
    """What a form field looks like: check, choices, select, textarea, file or input."""
    return next((name for name, kinds in LOOKS.items() if isinstance(field.field.widget, kinds)), "input")


@register.filter
def spoken(reasons: str | list[str]) -> str:
    """A reason that is kept in both languages, or several, as the reader reads it."""
    return " ".join(map(words.spoken, [reasons] if isinstance(reasons, str) else reasons))


@register.filter
def control(field: BoundField, size: str = "") -> SafeString:
    """The field's widget with the kit's classes; size "sm" for filter bars. Django adds required and the aria links."""
    return _widget(field, size, {})


@register.filter
def attr(field: BoundField, pairs: str) -> SafeString:
    """`{{ form.note|attr:"rows:3,placeholder:…" }}`: the same widget as `control` with these attributes besides."""
    return _widget(field, "", dict(item.strip().split(":", 1) for item in pairs.split(",")))


def _widget(field: BoundField, size: str, extra: Mapping[str, str]) -> SafeString:
    name = CLASSES.get(kind(field), "form-control")
    classes = [str(field.field.widget.attrs.get("class", "")), extra.get("class", ""), name]
    if name and size and name != "form-check-input":
        classes.append(f"{name}-{size}")
    if name and field.errors:
        classes.append("is-invalid")
    joined = " ".join(filter(None, classes))
    return field.as_widget(attrs={**extra, **({"class": joined} if joined else {})})


@register.filter
def item(mapping: Mapping[Any, Any], key: object) -> Any:
    """mapping[key], or nothing."""
    return mapping.get(key, "")


@register.filter
def slot(key: str) -> str:
    """A measure's key as it is written in the text of a review: {key}."""
    return "{" + key + "}"
