"""What choices are called, by year; statutes and terms; the working calendar."""

from calendar import Calendar as Grid
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.clock import SATURDAY, Unit, today
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon import selectors, services, statutes, terms
from jiandu.base.lexicon.calendar import holidays_of, load_calendar
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import Book
from jiandu.surfaces.desk.directory import acts_for
from jiandu.surfaces.desk.forms import dictionaries as forms
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.door.answers import page

Said = dict[str, Any]
UNITS = {
    Unit.WORKING_DAY: pgettext_lazy("term", "个工作日"),
    Unit.DAY: pgettext_lazy("term", "日"),
    Unit.MONTH: pgettext_lazy("term", "个月"),
    Unit.YEAR: pgettext_lazy("term", "年"),
}
WEEKDAYS = [
    pgettext_lazy("weekday", "一"),
    pgettext_lazy("weekday", "二"),
    pgettext_lazy("weekday", "三"),
    pgettext_lazy("weekday", "四"),
    pgettext_lazy("weekday", "五"),
    pgettext_lazy("weekday", "六"),
    pgettext_lazy("weekday", "日"),
]


def _is_own(book: Any) -> bool:
    return bool(book.is_own)


def _add(book: Book, said: Said, by: Viewer) -> Any:
    return services.add_item(new=services.NewItem(kind=book.named.kind, year=book.year, **said), by=by)


def _merge(item: Item, said: Said, by: Viewer) -> Any:
    into = selectors.item_by_key(by, int(said["into"]))
    return services.merge_items(items=[item], into=into, on=said["on"], by=by)


def _copy(book: Book, said: Said, by: Viewer) -> Any:
    source = int(said["from_year"]) if said["from_year"] else None
    return services.copy_year(kind=book.named.kind, from_year=source, to_year=book.year or today().year, by=by)


def _row(book: Book, key: int) -> Item | None:
    return book.row(key)


ACTS = (
    Act("add", _("新增"), forms.ItemForm, _add, fits=_is_own),
    Act("copy", _("复制为本年度字典"), forms.CopyForm, _copy, fits=lambda book: not book.is_own),
    Act("rename", _("更名"), forms.LabelForm, lambda row, s, by: services.rename_item(item=row, by=by, **s), _row),
    Act("place", _("调整顺序"), forms.PlaceForm, lambda row, s, by: services.place_item(item=row, by=by, **s), _row),
    Act("retire", _("停用"), forms.RetireForm, lambda row, s, by: services.retire_item(item=row, by=by, **s), _row),
    Act("merge", _("合并"), forms.MergeForm, _merge, _row),
)
NOTICE = (
    Act(
        "enter",
        _("录入放假安排"),
        forms.NoticeForm,
        lambda _y, s, by: services.enter_holidays(year=s["year"], holidays=s["holidays"], notice=s["notice"], by=by),
    ),
)


def dictionaries(request: HttpRequest) -> HttpResponse:
    """Every kind of dictionary."""
    rows = selectors.counted_kinds(request.viewer, english=get_language() == "en")  # type: ignore[attr-defined]
    return page(request, "desk/offices/dictionaries.html", {"rows": rows})


def show_book(request: HttpRequest, book: Book, opened: Opened | None, status: int) -> HttpResponse:
    """One dictionary of one year: its items in order, those retired or merged too."""
    viewer, year = request.viewer, today().year  # type: ignore[attr-defined]
    context = {
        "book": book,
        "name": book.named.en if get_language() == "en" else book.named.zh,
        "years": sorted({*book.years, year, year + 1}, reverse=True),
        "items": selectors.every_item(viewer, book.named.kind, book.year).select_related("replaced_by"),
        "acts": acts_for(ACTS, book),
        "keeps": book.is_own,
        "opened": opened,
    }
    return page(request, "desk/offices/dictionary.html", context, status=status)


def terms_and_statutes(request: HttpRequest) -> HttpResponse:
    """Every term with its article and the days on which it applies; every statute with its force."""
    english = get_language() == "en"
    rows = [
        {
            "row": row,
            "name": row.en if english else row.zh,
            "start": row.start_en if english else row.start,
            "unit": UNITS[row.unit],
            "basis": statutes.cite(row.basis(min(today(), row.effective_to or today())), english=english),
        }
        for row in terms.deadlines()
    ]
    keeps = guard.allow(request.viewer, "edit", Item)  # type: ignore[attr-defined]
    texts = [{"text": one, "name": one.en if english else one.zh} for one in statutes.statutes().values()]
    return page(request, "desk/offices/terms.html", {"rows": rows, "texts": texts, "keeps": keeps})


def show_calendar(request: HttpRequest, year: int, opened: Opened | None, status: int) -> HttpResponse:
    """One year, month by month: rest days and make-up days; the notice behind them."""
    viewer = request.viewer  # type: ignore[attr-defined]
    known = load_calendar()
    holidays, notice = holidays_of(year)
    context = {
        "year": year,
        "years": sorted({*known.years, today().year, today().year + 1}, reverse=True),
        "is_provisional": known.is_provisional(year),
        "holidays": holidays,
        "notice": notice,
        "months": [{"number": month, "weeks": _weeks(year, month)} for month in range(1, 13)],
        "weekdays": WEEKDAYS,
        "acts": acts_for(NOTICE, year) if guard.allow(viewer, "edit", Item) else [],
        "opened": opened,
    }
    return page(request, "desk/offices/calendar.html", context, status=status)


def _weeks(year: int, month: int) -> list[list[tuple[int, str]]]:
    """Weeks of (day, what it is); 0 where the week belongs to another month."""
    known = load_calendar()

    def kind(number: int, weekday: int) -> str:
        if not number:
            return ""
        worked = known.working_day(date(year, month, number))
        return "off" if not worked else "makeup" if weekday >= SATURDAY else ""

    weeks = Grid().monthdays2calendar(year, month)
    return [[(number, kind(number, weekday)) for number, weekday in week] for week in weeks]


def _year(_viewer: Viewer, year: int | None = None) -> int | None:
    year = today().year if year is None else year
    return year if 2000 <= year <= 2100 else None


BOOK_ROOM = Room("desk:dictionary", selectors.book, show_book, Item, ACTS, see="edit")
YEAR_ROOM = Room("desk:dictionary-year", selectors.book, show_book, Item, ACTS, see="edit")
CALENDAR_ROOM = Room("desk:calendar", _year, show_calendar, Item, NOTICE)
CALENDAR_YEAR_ROOM = Room("desk:calendar-year", _year, show_calendar, Item, NOTICE)
