"""Keeping the dictionaries: an item is added, renamed, retired or merged, never removed; a year's list is copied."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.calendar import Holiday, check_year, local_file, with_year
from jiandu.base.lexicon.dictionaries import DefaultDictionary, defaults
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import bare, in_use


@dataclass(frozen=True)
class NewItem:
    """What a new item needs. `order` None puts it last; `since` None means it was always there."""

    kind: str
    year: int | None
    code: str
    label_zh: str
    label_en: str
    also_called: tuple[str, ...] = ()
    order: int | None = None
    since: date | None = None


@transaction.atomic
def add_item(*, new: NewItem, by: Viewer) -> Item:
    """Add a choice to a dictionary, or with a new `kind` a dictionary. Refused for a code or label that is taken."""
    _allowed(by)
    rows = list(Item.objects.select_for_update().filter(kind=new.kind, year=new.year))
    if not (new.kind.strip() and new.code.strip() and new.label_zh.strip() and new.label_en.strip()):
        raise Refused("item-incomplete", _("字典项应有字典、代码和中英文名称"))
    if any(row.code == new.code for row in rows):
        raise Refused("item-code-taken", _("代码“%(code)s”已被使用"), code=new.code)
    _label_free(rows, new.label_zh, since=new.since)
    item = Item.objects.create(
        kind=new.kind,
        year=new.year,
        code=new.code,
        label_zh=new.label_zh.strip(),
        label_en=new.label_en.strip(),
        also_called=list(new.also_called),
        order=_last(rows) + 1 if new.order is None else new.order,
        since=new.since,
    )
    record(by, "item.add", item, payload=_described(item))
    return item


@transaction.atomic
def rename_item(*, item: Item, label_zh: str, label_en: str, by: Viewer) -> Item:
    """Call an item something else from now on, everywhere; imports still understand the earlier label."""
    item = Item.objects.select_for_update().get(pk=item.pk)
    _allowed(by)
    if not (label_zh.strip() and label_en.strip()):
        raise Refused("item-incomplete", _("字典项应有字典、代码和中英文名称"))
    others = Item.objects.filter(kind=item.kind, year=item.year).exclude(pk=item.pk)
    _label_free(list(others), label_zh, since=item.since)
    earlier = item.label_zh
    item.label_zh, item.label_en = label_zh.strip(), label_en.strip()
    known = dict.fromkeys([*item.also_called, earlier])
    item.also_called = [label for label in known if bare(label) != bare(item.label_zh)]
    item.save(update_fields=["label_zh", "label_en", "also_called"])
    record(by, "item.rename", item, payload={"from": earlier, "to": item.label_zh})
    return item


@transaction.atomic
def place_item(*, item: Item, place: int, by: Viewer) -> Item:
    """Puts an item at that place of its list (1: first); the others close up. Refused below 1."""
    _allowed(by)
    rows = list(Item.objects.select_for_update().filter(kind=item.kind, year=item.year).order_by("order", "pk"))
    if place < 1:
        raise Refused("item-place", _("顺序应从1开始"))
    one = next(row for row in rows if row.pk == item.pk)
    rows.remove(one)
    rows.insert(place - 1, one)
    for number, row in enumerate(rows, start=1):
        row.order = number
    Item.objects.bulk_update(rows, ["order"])
    record(by, "item.place", one, payload={"place": one.order})
    return one


@transaction.atomic
def retire_item(*, item: Item, until: date, by: Viewer) -> Item:
    """No longer offer an item after `until`, its last day of use. Records that carry it keep it."""
    item = Item.objects.select_for_update().get(pk=item.pk)
    _allowed(by)
    _still_there(item)
    _not_before_start(item, until)
    item.until = until
    item.save(update_fields=["until"])
    record(by, "item.retire", item, payload={"until": until.isoformat()})
    return item


@transaction.atomic
def merge_items(*, items: Sequence[Item], into: Item, on: date, by: Viewer) -> Item:
    """From `on`, `items` are chosen and found as `into`; records that carry them keep them and are counted with it.

    Refused across dictionaries or years, into an item that is itself retired or merged, and for an item not in use.
    """
    keys = {item.pk for item in items}
    rows = {row.pk: row for row in Item.objects.select_for_update().filter(pk__in=keys | {into.pk}).order_by("pk")}
    _allowed(by)
    into = rows[into.pk]
    if not in_use(into, on) or into.until is not None or into.pk in keys:
        raise Refused("merge-target", _("“%(label)s”不能作为并入的对象"), label=into.label_zh)
    for item in (rows[key] for key in sorted(keys)):
        if (item.kind, item.year) != (into.kind, into.year):
            raise Refused("merge-across", _("只能在同一年度的同一字典内合并"))
        _still_there(item)
        _not_before_start(item, on)
        item.until, item.replaced_by = on, into
        item.save(update_fields=["until", "replaced_by"])
    record(by, "item.merge", into, payload={"codes": [rows[key].code for key in sorted(keys)], "on": on.isoformat()})
    return into


@transaction.atomic
def copy_year(*, kind: str, from_year: int | None, to_year: int, by: Viewer) -> list[Item]:
    """Begin a year's dictionary with what another year's (or the one without a year) offers. Idempotent.

    Items that were retired or merged before the new year are left behind. Returns what was added.
    """
    _allowed(by)
    day = date(to_year, 1, 1)
    there = set(Item.objects.select_for_update().filter(kind=kind, year=to_year).values_list("code", flat=True))
    source = [
        item for item in Item.objects.filter(kind=kind, year=from_year).order_by("order", "pk") if in_use(item, day)
    ]
    if not source:
        raise Refused("nothing-to-copy", _("没有可复制的字典项"))
    added = [_copy(item, to_year) for item in source if item.code not in there]
    Item.objects.bulk_create(added)
    if added:
        codes = [item.code for item in added]
        record(by, "item.copy_year", None, payload={"kind": kind, "from": from_year, "to": to_year, "codes": codes})
    return added


@transaction.atomic
def load_defaults(*, by: Viewer) -> int:
    """Add the shipped dictionaries where the installation has none of the kind. Idempotent. Returns the items added."""
    _allowed(by)
    known = set(Item.objects.values_list("kind", flat=True).distinct())
    fresh = [item for one in defaults() if one.kind not in known for item in _shipped(one)]
    Item.objects.bulk_create(fresh)
    if fresh:
        record(by, "item.load_defaults", None, payload={"items": len(fresh)})
    return len(fresh)


@transaction.atomic
def enter_holidays(*, year: int, holidays: list[Holiday], notice: str, by: Viewer) -> None:
    """The year's notice is known: due dates count by it from now on. A year entered again replaces what it was.

    The file is in place once the log's entry is committed. Refused with the day and the reason for a slip of the hand.
    """
    _allowed(by)
    if not holidays:
        raise Refused("no-holidays", _("请填写放假安排"))
    try:
        check_year(year, holidays)
        text = with_year(year, holidays, notice.strip())
    except ValueError as error:
        raise Refused("holidays", _("%(year)d年放假安排有误:%(reason)s"), year=year, reason=str(error)) from error
    new = local_file().with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    payload = {"year": year, "notice": notice.strip(), "holidays": len(holidays)}
    record(by, "calendar.enter", None, payload=payload)
    transaction.on_commit(lambda: new.replace(local_file()) and None)


def _shipped(one: DefaultDictionary) -> list[Item]:
    return [
        Item(
            kind=one.kind,
            code=row.code,
            label_zh=row.zh,
            label_en=row.en,
            also_called=list(row.also_called),
            order=place,
        )
        for place, row in enumerate(one.items, start=1)
    ]


def _copy(item: Item, year: int) -> Item:
    return Item(
        kind=item.kind,
        year=year,
        code=item.code,
        label_zh=item.label_zh,
        label_en=item.label_en,
        also_called=item.also_called,
        order=item.order,
        until=item.until,
    )


def _allowed(by: Viewer) -> None:
    if not guard.allow(by, "edit", Item):
        raise Refused("not-allowed", _("您没有维护字典的权限"))


def _label_free(rows: list[Item], label: str, *, since: date | None) -> None:
    """No other item that is still used when this one begins may go by the label: a sheet could not tell them apart."""
    wanted = bare(label)
    for row in rows:
        gone = row.replaced_by_id is not None or (row.until is not None and since is not None and row.until < since)
        if not gone and wanted in map(bare, row.labels):
            raise Refused("item-label-taken", _("名称“%(label)s”与“%(other)s”重复"), label=label, other=row.label_zh)


def _still_there(item: Item) -> None:
    if item.until is not None:
        raise Refused("item-retired", _("“%(label)s”已停用或已合并"), label=item.label_zh)


def _not_before_start(item: Item, day: date) -> None:
    if item.since is not None and day < item.since:
        raise Refused("item-in-order", _("停用日期不能早于启用日期"))


def _last(rows: list[Item]) -> int:
    return max((row.order for row in rows), default=0)


def _described(item: Item) -> dict[str, object]:
    return {"kind": item.kind, "year": item.year, "code": item.code, "label": item.label_zh}
