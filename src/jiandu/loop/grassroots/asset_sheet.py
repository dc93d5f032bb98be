"""资产回头看登记表 in and out: a row a look at an asset; it leaves with every asset that is still to be looked at."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at, singly
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.reading import finding_by_code
from jiandu.loop.grassroots.models import AssetLookBack
from jiandu.loop.grassroots.selectors import assets_asked
from jiandu.loop.grassroots.services.checks import NewLook, look_at_asset
from jiandu.net.access.cells import needed
from jiandu.sources.activities.models import Activity

Stage, Result = AssetLookBack.Stage, AssetLookBack.Result
TOLD = ("on", "by_name", "note")  # what only a look says: a row with one of them and no result has been forgotten
#: A refusal of the service → the cell that it is about.
CELLS = {"step-date": "on", "asset-same-person": "by_name"}
BOOK = Book(
    "assets",
    _("资产回头看登记表"),
    (
        Column("finding", ("问题编号",), required=True),
        Column("asset", ("资产名称", "资产"), required=True),
        Column("stage", ("环节", "核实环节"), required=True),
        Column("result", ("结果", "回头看结果", "处置结果")),
        Column("on", ("日期", "回头看日期", "核实日期")),
        Column("by_name", ("办理人", "核实人")),
        Column("note", ("情况", "备注")),
    ),
    ("WT2022-0001", "某某店面1号", "镇街核实", "已清退", "2022-08-01", "某某", "已收回并重新发包"),
    {
        "stage": {str(each.label): str(each) for each in Stage} | {"镇级核实": "town", "区级": "district"},
        "result": {str(each.label): str(each) for each in Result},
    },
    days=frozenset({"on"}),
    past=frozenset({"on"}),
    carried=("finding",),
    notes=(
        _("一件资产一个环节一行；还没有去看的，结果留空"),
        _("镇街核实在前，区级回头看在后，且不能是同一人；同一资产、环节和日期的是同一次"),
    ),
    most={"asset": 200, "by_name": 64, "note": 500},
)


def take_look(line: Line, by: Viewer) -> Taken:
    """A look entered once; one that is known is not changed. A row without a result is still to be looked at."""
    finding = finding_by_code(by, line.text("finding"))
    if finding is None:
        words = _("没有编号为“%(code)s”的问题")
        raise CellRefused("finding", Refused("no-finding", words, code=line.text("finding")), line)
    if not line.says("result") and not any(map(line.says, TOLD)):
        return Taken("unchanged")
    needed(line, "result", "on", "by_name")
    known = _known(finding, line)
    if known is not None:
        cells = _differing(known, line)
        return Taken("conflict" if cells else "unchanged", cells)
    _look(finding, line, by)
    return Taken("create")


def _known(finding: Finding, line: Line) -> AssetLookBack | None:
    rows = AssetLookBack.objects.filter(finding=finding, withdrawn_on__isnull=True, on=line.day("on"))
    return rows.filter(asset=line.text("asset"), stage=line.text("stage")).first()


def _differing(known: AssetLookBack, line: Line) -> tuple[tuple[str, str, str], ...]:
    pairs = (
        ("result", known.get_result_display(), BOOK.word("result", line.text("result"))),
        ("by_name", known.by_name, line.text("by_name")),
        ("note", known.note, line.text("note")),
    )
    return tuple((key, held, said) for key, held, said in pairs if said and said.split() != held.split())


def _look(finding: Finding, line: Line, by: Viewer) -> None:
    words = {key: line.text(key) for key in ("asset", "stage", "result", "by_name", "note")}
    try:
        look_at_asset(finding=finding, by=by, new=NewLook(on=line.day("on"), **words))
    except Refused as refused:
        with at(CELLS.get(refused.rule, "stage" if refused.rule == "asset-order" else "asset"), line):
            raise


def in_order(lines: list[Line]) -> Iterable[Line]:
    """By day, and on one day the town before the district, however the sheet is sorted."""
    return sorted(lines, key=lambda line: (line.on("on") or date.max, line.text("stage") == Stage.DISTRICT))


def rows_of(viewer: Viewer, check: Activity, stage: str) -> Iterator[tuple[OutValue, ...]]:
    """The assets of a check at a stage as rows of the sheet, with the last look or none yet."""
    for row in assets_asked(viewer, check, stage):
        last = row.last if row.last and row.last.stage == stage else None
        head = (row.finding.code, row.asset, BOOK.word("stage", stage))
        if last is None:
            yield (*head, "", None, "", "")
        else:
            result = BOOK.word("result", last.result)
            yield (*head, result, last.on, last.by_name, "\n".join(last.note.splitlines()))


ASSETS = Register(
    BOOK,
    AssetLookBack,
    singly(take_look),
    "asset",
    "asset_look_back",
    order=in_order,
    denied=_("您没有登记资产回头看的权限"),
)
