"""Documents that the tests of this folder share."""

from datetime import UTC, date, datetime

from jiandu.base.charts.chart import Bar, Point
from jiandu.base.charts.draw import to_png
from jiandu.base.documents.blocks import (
    Anchor,
    Appendix,
    Banner,
    Block,
    Column,
    Document,
    Heading,
    Landscape,
    Note,
    Number,
    Paragraph,
    Picture,
    Signature,
    Table,
    Text,
    Title,
)

AT = datetime(2023, 1, 31, 8, 30, tzinfo=UTC)
SENTENCE = "全市各级派驻机构立足监督首责，推动“一把手”和领导班子监督走深走实，"


def document(*blocks: Block, mark: str = "") -> Document:
    """A document of these blocks."""
    return Document(title="年度监督工作综述", author="派驻监督组", at=AT, blocks=blocks, mark=mark)


def picture() -> bytes:
    """A chart as wide as a page."""
    return to_png(Bar(title="各区", width=600, points=(Point("思明", 3), Point("湖里", 5))))


def review() -> Document:
    """One of everything."""
    units = tuple((f"单位{i}", str(i)) for i in range(60))
    wide = tuple(Column(f"第{i}列") for i in range(9))
    return document(
        Banner("内部资料　注意保管"),
        Title("关于2022年度监督网\n运行情况的综述"),
        Paragraph("市委：", indent=False),
        Paragraph(
            ("全年主动约谈", Number("1,234人次", "talks.active:2022"), "，", Text("收回", strong=True), "950余万元。")
        ),
        Heading("政治监督"),
        Heading("国之大者", 2),
        Heading("挂钩联系", 3),
        Heading("日常监督"),
        Paragraph(SENTENCE * 40),
        Picture(picture(), "图1　各区问题", "各区问题：思明3件，湖里5件"),
        Table(
            (Column("单位", 2), Column("件数", align="right")),
            units,
            "表1　分区",
        ),
        Note("注：统计截止日2023年1月31日。"),
        Signature("中共某市纪律检查委员会", date(2023, 1, 9)),
        Appendix("数字来源"),
        Heading("口径"),
        Table((Column("指标"), Column("数值")), ((Anchor("主动约谈", "talks.active:2022"), "1,234人次"),)),
        Landscape((Appendix("问题台账"), Table(wide, tuple(tuple(f"{r}-{c}" for c in range(9)) for r in range(40))))),
        mark="某甲 2023-01-31 导出 E-0001",
    )
