"""资产回头看表 as Word: ten assets a sheet, to be filled in on the spot; each sheet has the QR under which it is typed in."""

from datetime import UTC, datetime, time

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.base.documents.blocks import (
    Block,
    Column,
    Document,
    Field,
    Form,
    Note,
    PageBreak,
    Table,
    Title,
)
from jiandu.base.documents.codes import Code, Opens
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.loop.grassroots.models import AssetLookBack
from jiandu.loop.grassroots.selectors import AssetAsked, assets_asked
from jiandu.sources.activities.models import Activity

Stage = AssetLookBack.Stage
LEAF = 10  # assets on a sheet
SHORT = 30  # characters of a cell: two lines, so that ten rows stay on one page
OPENS = {Stage.TOWN: Opens.ASSETS_TOWN, Stage.DISTRICT: Opens.ASSETS_DISTRICT}
COLUMNS = (
    Column("序号", 0.7, "center"),
    Column("问题编号", 1.6),
    Column("资产名称或问题表现", 4.4),
    Column("结果", 0.8, "center"),
    Column("日期", 1.3, "center"),
    Column("情况", 2.2),
)


def assets_docx(viewer: Viewer, activity: Activity, stage: str, *, mark: str = "") -> bytes:
    """All sheets of a stage, each on a page of its own. Raises Refused (no-assets)."""
    rows = assets_asked(viewer, activity, stage)
    if not rows:
        raise Refused("no-assets", "没有可以回头看的资产：镇街核实按问题逐件列出，区级回头看列出镇街已核实的资产")
    name = f"农村集体资产{as_recorded(Stage(stage).label)}表"
    leaves = [rows[start : start + LEAF] for start in range(0, len(rows), LEAF)]
    blocks: list[Block] = []
    for leaf, own in enumerate(leaves, 1):
        blocks += [PageBreak(), *_leaf(activity, Stage(stage), name, own, (leaf, len(leaves)))]
    at = datetime.combine(today(), time(), tzinfo=UTC)
    author = str(activity.owner_office)
    made = Document(title=f"{activity.name}{name}", author=author, at=at, blocks=tuple(blocks), mark=mark)
    return to_docx(made)


def _leaf(activity: Activity, stage: Stage, name: str, rows: list[AssetAsked], of: tuple[int, int]) -> list[Block]:
    results = "　".join(f"{place} {as_recorded(one.label)}" for place, one in enumerate(AssetLookBack.Result, 1))
    leaf, leaves = of
    head = Form(
        (
            (Field("检　　查", f"{activity.name}（{activity.code}）"), Field("张　　次", f"第{leaf}张，共{leaves}张")),
            (Field("回访日期", day_in_words(None)), Field("办 理 人", "")),
        )
    )
    said = f"结果填数字：{results}。日期与回访日期相同的不填；没有去看的，结果留空。"
    return [
        Title(name, Code(OPENS[stage], activity.uid, leaf)),
        head,
        Table(COLUMNS, tuple(_row(row) for row in rows)),
        Note(said),
    ]


def _row(row: AssetAsked) -> tuple[str, ...]:
    """An asset without a name yet is told by its problem, as on the screen; two lines of room to write."""
    asset = row.asset if len(row.asset) <= SHORT else f"{row.asset[: SHORT - 1]}…"
    return (str(row.number), row.finding.code, asset, "", "", "\n")
