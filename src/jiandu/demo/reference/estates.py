"""小区公共收益 of the reference year: the housing department's sheets by quarter; gaps, lapsed postings, totals only."""

from datetime import date, timedelta

from jiandu.base.core.guard import Viewer
from jiandu.demo.reference.places import YEAR, Places
from jiandu.net.subjects.models import Region
from jiandu.sources.ledgers.models import Posting
from jiandu.sources.ledgers.services.coverage import NewReport, Shown, Told, take_report
from jiandu.sources.ledgers.services.estates import NewEstate

DISCLOSING, GAPS, LAPSED, TOTALS_ONLY, NEW = 1293, 120, 40, 65, 25
BOTH = 400  # of DISCLOSING: on line and on site
QUARTER = date(YEAR, 9, 30)
Channel = Posting.Channel


def run_estates(places: Places, by: Viewer) -> None:
    """The third quarter's coverage as the department reports it at the end of November."""
    streets = list(Region.objects.filter(kind=Region.Kind.TOWN).order_by("pk"))
    total = DISCLOSING + GAPS + LAPSED + TOTALS_ONLY + NEW
    rows = [_row(places, streets[number % len(streets)], number) for number in range(total)]
    new = NewReport(
        period=QUARTER,
        as_of=date(YEAR, 11, 30),
        name="小区公共收益公示情况（第三季度）.xlsx",
        sha256=f"{YEAR}".rjust(64, "0"),
        office=places.offices["党风政风监督室"],
        department=next(unit for unit in places.departments if unit.name == "市住房局"),
        confirmed_by="物业处负责人",
        confirmed_on=date(YEAR, 11, 30),
    )
    take_report(new=new, rows=rows, by=by)


def _row(places: Places, street: Region, number: int) -> Told:
    new = number >= DISCLOSING + GAPS + LAPSED + TOTALS_ONLY  # handed over after the quarter: owes nothing yet
    estate = NewEstate(
        code=f"XQ{number + 1:05d}",
        name=f"{street.name}示范小区{number + 1}",
        place=street,
        office=places.offices["党风政风监督室"],
        since=date(YEAR, 10, 20) if new else date(YEAR - 3, 1, 1),
        body="物业服务企业",
        households=120 + number % 800,
    )
    if new or DISCLOSING <= number < DISCLOSING + GAPS:
        return Told(estate=estate, is_detailed=True)
    posted = date(YEAR, 10, 10) + timedelta(days=number % 5)
    if number < DISCLOSING:
        channels = (
            [Channel.ONLINE, Channel.ON_SITE] if number < BOTH else [Channel.ON_SITE if number % 2 else Channel.ONLINE]
        )
        shown = tuple(Shown(channel, posted, until=None) for channel in channels)
        return Told(estate=estate, is_detailed=True, shown=shown)
    lapsed = number < DISCLOSING + GAPS + LAPSED
    until = date(YEAR, 11, 20) if lapsed else None
    return Told(estate=estate, is_detailed=lapsed, shown=(Shown(Channel.ON_SITE, posted, until=until),))
