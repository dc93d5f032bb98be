"""The kinds of roster sheet: their columns, by the words that offices use, and how a row is read. Asks no database."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.core.sheets.headers import Column
from jiandu.net.subjects.models import Post

MARKS = ("head", "team", "few", "key")
NOTHING = frozenset({"", "无", "/", "-", "—", "否", "0", "n", "no", "×"})
TIES = {"监督": "watch", "驻": "watch", "派驻监督": "watch", "分管": "charge", "挂钩": "link", "挂钩联系": "link"}


PERIOD: dict[str, Any] = {"days": frozenset({"since", "until"}), "past": frozenset({"since"}), "is_folded": True}
KINDS = {
    "党政机关": "organ",
    "机关": "organ",
    "事业单位": "institution",
    "国有企业": "enterprise",
    "国企": "enterprise",
    "镇(街道)": "town",
    "镇街": "town",
    "村(社区)": "village",
    "村居": "village",
    "其他": "other",
}
AUTHORITIES = {
    "中管": "central",
    "省管": "province",
    "市管": "city",
    "区管": "district",
    "镇(街)管": "town",
    "镇街管": "town",
    "村(社区)": "village",
}
POSTS = {"一把手": "head", "主要负责人": "head", "班子成员": "team", "重点岗位": "key", "一般岗位": "staff"}

UNITS = Book(
    "units",
    _("单位名册"),
    (
        Column("name", ("单位名称", "单位", "名称"), required=True),
        Column("code", ("统一社会信用代码", "信用代码")),
        Column("parent", ("上级单位", "主管单位", "主管部门")),
        Column("kind", ("性质", "单位性质", "类别")),
        Column("authority", ("管理权限", "干部管理权限")),
        Column("region", ("属地", "所属区划", "区划")),
        Column("since", ("成立日期", "成立时间")),
    ),
    ("市教育局", "", "市人民政府", "党政机关", "市管", "", ""),
    {"kind": KINDS, "authority": AUTHORITIES},
    **PERIOD,
)
POSTS_BOOK = Book(
    "posts",
    _("人员任职名册"),
    (
        Column("name", ("姓名",), required=True),
        Column("unit", ("单位", "所在单位", "单位名称", "工作单位"), required=True),
        Column("title", ("职务", "现任职务"), required=True),
        Column("since", ("任职日期", "任职时间", "任现职时间", "起"), required=True),
        Column("until", ("免职日期", "免职时间", "止")),
        Column("kind", ("类别", "岗位类别")),
        Column("head", ("一把手", "主要负责人")),
        Column("team", ("班子成员",)),
        Column("few", ("关键少数",)),
        Column("key", ("重点岗位",)),
    ),
    ("陈一", "市教育局", "局长", "2021-03-01", "", "一把手", "", "", "", ""),
    {"kind": POSTS},
    **PERIOD,
)
TIES_BOOK = Book(
    "ties",
    _("监督、分管、挂钩关系"),
    (
        Column("tie", ("关系", "关系类别"), required=True),
        Column("who", ("监督机构或领导", "监督机构", "领导", "领导姓名"), required=True),
        Column("unit", ("单位", "单位名称", "被监督单位"), required=True),
        Column("since", ("起", "起始日期", "开始日期"), required=True),
        Column("until", ("止", "结束日期")),
    ),
    ("监督", "驻市教育局纪检监察组", "市教育局", "2021-03-01", ""),
    {"tie": TIES},
    **PERIOD,
)


def post_kind(line: Line) -> str:
    """一把手, 班子成员 (also 关键少数), 重点岗位, by the word or by the marks; "" where the sheet says nothing."""
    if line.text("kind"):
        return line.text("kind")
    marked = {name for name in MARKS if line.text(name).casefold() not in NOTHING}
    order = ((Post.Kind.HEAD, {"head"}), (Post.Kind.TEAM, {"team", "few"}), (Post.Kind.KEY, {"key"}))
    return next((str(kind) for kind, names in order if marked & names), "")
