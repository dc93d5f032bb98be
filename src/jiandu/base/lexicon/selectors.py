"""What a dictionary offers on a day, and which item a label in somebody's sheet means."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.text import normal
from jiandu.base.lexicon.dictionaries import defaults
from jiandu.base.lexicon.models import Item


@dataclass(frozen=True)
class Dictionary:
    """A kind of dictionary with its names; one that an installation added is called by its key."""

    kind: str
    zh: str
    en: str


@dataclass(frozen=True)
class Book:
    """One dictionary of one year (None: of every year without a list of its own), and the years that have their own."""

    named: Dictionary
    year: int | None
    years: tuple[int, ...]

    @property
    def is_own(self) -> bool:
        """Whether it has items of its own: a year without any shows those without a year."""
        return self.year is None or self.year in self.years

    def row(self, key: int) -> Item | None:
        """One of its own items."""
        return Item.objects.filter(kind=self.named.kind, year=self.year, pk=key).first()


def kinds(viewer: Viewer) -> tuple[Dictionary, ...]:
    """Every kind of dictionary: the shipped ones in their order, then those that the installation added."""
    shipped = tuple(Dictionary(one.kind, one.zh, one.en) for one in defaults())
    known = {one.kind for one in shipped}
    added = Item.objects.exclude(kind__in=known).order_by("kind").values_list("kind", flat=True).distinct()
    return shipped + tuple(Dictionary(kind, kind, kind) for kind in added)


def book(viewer: Viewer, kind: str, year: int | None = None) -> "Book | None":
    """The dictionary of a year, or the one without a year; None for an unknown kind."""
    named = next((one for one in kinds(viewer) if one.kind == kind), None)
    if named is None:
        return None
    years = (
        Item.objects.filter(kind=kind, year__isnull=False).order_by("-year").values_list("year", flat=True).distinct()
    )
    return Book(named, year, tuple(one for one in years if one))


def every_item(viewer: Viewer, kind: str, year: int | None) -> QuerySet[Item]:
    """All items of the year's dictionary, else of the one without a year; retired and merged ones too."""
    own = Item.objects.filter(kind=OuterRef("kind"), year=year)
    rows = Item.objects.filter(kind=kind).filter(Q(year=year) | Q(year__isnull=True) & ~Exists(own))
    return rows.order_by("order", "pk")


def items(viewer: Viewer, kind: str, year: int | None, *, on: date | None = None) -> QuerySet[Item]:
    """What may be chosen on that day (today): neither merged nor retired. Falls back as every_item."""
    day = on or today()
    begun = Q(since__isnull=True) | Q(since__lte=day)
    not_over = Q(until__isnull=True) | Q(until__gte=day)
    return every_item(viewer, kind, year).filter(begun, not_over, replaced_by__isnull=True)


def find(viewer: Viewer, kind: str, year: int | None, label: str, *, on: date | None = None) -> Item | None:
    """The item that the label means, whatever its width and spaces; a merged one leads to what replaced it.

    Tries what may be chosen on that day (today) first. None for an unknown label, or one that leads to nothing in use.
    """
    wanted = bare(label)
    if not wanted:
        return None
    meant = [item for item in every_item(viewer, kind, year) if wanted in map(bare, item.labels)]
    day = on or today()
    usable = [current(item) for item in sorted(meant, key=lambda item: item.replaced_by_id is not None)]
    return next((item for item in usable if in_use(item, day)), None)


def current(item: Item) -> Item:
    """The item, or the one into which it was merged in the end."""
    while item.replaced_by is not None:
        item = item.replaced_by
    return item


def merged_into(viewer: Viewer, pk: int) -> tuple[int, ...]:
    """The key of an item, and of all that was merged into it, directly or by way of another. One statement."""
    merged = Item.objects.filter(replaced_by__isnull=False).order_by("pk").values_list("pk", "replaced_by_id")
    into, keys = list(merged), [pk]
    for key in keys:  # grows as it is walked: a merge never leads back
        keys += [old for old, new in into if new == key and old not in keys]
    return tuple(keys)


def in_use(item: Item, day: date) -> bool:
    """Whether the item may be chosen on that day."""
    begun = item.since is None or item.since <= day
    return begun and (item.until is None or day <= item.until) and item.replaced_by_id is None


def bare(label: str) -> str:
    """A label for comparing: width, case and white space do not count."""
    return normal(label).replace(" ", "")


def in_english(kind: str) -> dict[str, str]:
    """Chinese name, of now or earlier → the English one, of a whole dictionary. One statement."""
    rows = list(Item.objects.filter(kind=kind).values_list("label_zh", "also_called", "label_en"))
    earlier = {name: english for _now, names, english in rows for name in names}
    return earlier | {now: english for now, _names, english in rows}


def labels_of(keys: Collection[int], *, english: bool) -> dict[int, str]:
    """What the items are called in the language, by their key. One statement."""
    rows = Item.objects.filter(pk__in=keys).values_list("pk", "label_en" if english else "label_zh")
    return dict(rows)


def item_by_key(viewer: Viewer, key: int) -> Item:
    """One item. Raises Item.DoesNotExist."""
    return Item.objects.get(pk=key)


def counted_kinds(viewer: Viewer, *, english: bool) -> list[tuple[Dictionary, str, int, list[int]]]:
    """Each dictionary with its name, how many items it offers in years without their own, and the years that have one."""
    today_uses = Q(until__isnull=True) | Q(until__gte=today())
    rows = Item.objects.filter(today_uses).values_list("kind", "year").annotate(n=Count("pk")).order_by("kind", "-year")
    counts: dict[str, dict[int | None, int]] = {}
    for kind, year, count in rows:
        counts.setdefault(kind, {})[year] = count
    return [
        (
            one,
            one.en if english else one.zh,
            counts.get(one.kind, {}).get(None, 0),
            [year for year in counts.get(one.kind, {}) if year],
        )
        for one in kinds(viewer)
    ]
