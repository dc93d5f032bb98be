"""A list as a platform exports it, made up, to try the import with: it has who reported, and one can see that nobody reads it."""

from datetime import timedelta
from typing import BinaryIO

from jiandu.base.books.lines import Book
from jiandu.base.core.clock import today
from jiandu.base.core.sheets import OutColumn, Plan, write_xlsx

TITLES = (
    *("信访编号", "收件日期", "信访方式", "信访类别", "署名情况", "举报人", "联系电话"),
    *("被反映人", "被反映人单位", "被反映人职级", "管理权限", "政治面貌", "反映问题性质", "领域", "反映内容"),
)
ROWS = (
    ("来信", "检举控告", "署名", "甲某", "见原件", "王某某", "市教育局", "乡科级", "镇街管", "中共党员", "廉洁纪律、职务违法", "教育", "反映在食堂采购中收受供应商购物卡"),
    ("网络", "检举控告", "匿名", "", "", "李某某", "市住房局", "县处级", "镇街管", "中共党员", "职务犯罪", "工程", "反映在安置房项目招标前透露标底"),
    ("来访", "检举控告", "署名", "乙某", "见原件", "张某某", "市民政局", "一般干部", "镇街管", "群众", "群众纪律", "社会救助", "反映为亲属违规办理低保"),
    ("来电", "批评建议", "匿名", "", "", "", "", "", "", "", "", "", "建议公开小区公共收益收支明细"),
    ("网络", "检举控告", "匿名", "", "", "赵某某", "市交通运输局", "一般干部", "镇街管", "中共党员", "工作纪律", "", "反映执法人员工作时间饮酒"),
)  # fmt: skip


def write_sample(book: Book, out: BinaryIO) -> None:
    """The list, of the last days."""
    plan = Plan(title=str(book.label), columns=[OutColumn(title, width=18) for title in TITLES])
    numbered = enumerate(ROWS, start=1)
    rows = [(f"PT{today():%Y%m%d}-{number}", today() - timedelta(days=number), *row) for number, row in numbered]
    write_xlsx(out, plan, rows)
