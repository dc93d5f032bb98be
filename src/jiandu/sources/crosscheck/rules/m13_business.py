"""M13 公职人员违规经商: somebody on the payroll stands in the register of firms."""

from datetime import date
from typing import Any

from jiandu.base.engine.columns import where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.rule import RED, YELLOW, Basis, Case, Given, Param, Row, Rule, edge

PRACTICE = Basis("公职人员经商办企业数据比对（湖北、苏州等地做法）")
ACTIVE = "在职"
SENIOR = ["董事", "监事", "高管"]


def serving(g: Given) -> Expr:
    """Who is on the payroll and not retired on the day, with every unit that pays."""
    pay = g.payroll
    still = pay.end_on.isnull() | (pay.end_on >= g.on)
    now = pay.filter(pay.kind == ACTIVE, pay.start_on <= g.on, still)
    return now.select("id_no", place=now.unit.fill_null(""))


def living(g: Given) -> Expr:
    """Firms that are not closed."""
    return g.company.filter(g.company.status == "存续")


def represents(g: Given) -> Expr:
    """On the payroll, and legal representative."""
    firms = living(g).filter(g.company.legal_rep.notnull()).select("uscc", "founded_on", id_no="legal_rep")
    each = firms.inner_join(serving(g), "id_no").group_by("id_no", "uscc")
    return each.agg(founded_on=lambda t: t.founded_on.max(), place=lambda t: t.place.max())


def holds(g: Given) -> Expr:
    """On the payroll, and shareholder or senior of a firm: each firm once, red where it is more than a share."""
    role = g.shareholder.filter(g.shareholder.since.isnull() | (g.shareholder.since <= g.on))
    told = role.select("uscc", "id_no", "role", senior=role.role.isin(SENIOR).cast("int64"))
    once = serving(g).group_by("id_no").agg(place=lambda t: t.place.max())
    each = told.inner_join(once, "id_no").group_by("uscc", "id_no")
    firms = each.agg(
        roles=lambda t: t.count(),
        role=lambda t: t.role.max(),
        senior=lambda t: t.senior.max(),
        place=lambda t: t.place.max(),
    )
    found = firms.semi_join(living(g).select("uscc"), "uscc").filter(lambda t: t.roles >= g.p.roles)
    return found.mutate(level=where(found.senior > 0, RED, YELLOW))


def _rows(pay: dict[str, Any], firm: dict[str, Any], *roles: dict[str, Any]) -> dict[str, tuple[Row, ...]]:
    holder: Row = {"uscc": "S1", "id_no": "甲"}
    return {
        "payroll": ({"id_no": "甲", "unit": "单位甲", **pay},),
        "company": ({"uscc": "S1", **firm},),
        "shareholder": tuple(holder | role for role in roles),
    }


OWN = {"legal_rep": "甲"}
HIT = (("甲", "S1"),)

RULES = [
    Rule(
        "M13-1",
        "公职人员任企业法定代表人",
        level=RED,
        tables=("payroll", "company"),
        key=("id_no", "uscc"),
        hits=represents,
        basis=(PRACTICE,),
        sentence="{place}一名在职人员登记为企业{uscc}（{founded_on}成立）的法定代表人。",
        blind="看不见他人代持和借名登记；组织委派、已辞任未变更登记的会误报。",
        behind={"company": {"uscc": "uscc"}, "payroll": {"id_no": "id_no"}},
        cases=(
            Case("在职并任法定代表人", _rows({}, OWN), HIT),
            edge(Case("今天停薪，今天还算", _rows({"end_on": date(2024, 12, 31)}, OWN), HIT)),
            edge(Case("昨天停薪", _rows({"end_on": date(2024, 12, 30)}, OWN))),
            Case("已退休", _rows({"kind": "退休"}, OWN)),
            Case("企业已注销", _rows({}, {"legal_rep": "甲", "status": "注销"})),
            Case("他人任法定代表人", _rows({}, {"legal_rep": "乙"})),
        ),
    ),
    Rule(
        "M13-2",
        "公职人员持股或任企业高管",
        level=YELLOW,
        tables=("payroll", "company", "shareholder"),
        key=("id_no", "uscc"),
        hits=holds,
        params={"roles": Param(1, "在一家企业至少有几种身份")},
        basis=(PRACTICE,),
        sentence="{place}一名在职人员在企业{uscc}登记有{roles}种身份（{role}）。",
        blind="看不见他人代持；上市公司股票、组织委派任职的会误报。",
        behind={"shareholder": {"uscc": "uscc", "id_no": "id_no"}, "payroll": {"id_no": "id_no"}},
        cases=(
            Case("股东", _rows({}, {}, {"role": "股东"}), HIT),
            Case("股东兼监事，只算一次", _rows({}, {}, {"role": "股东"}, {"role": "监事"}), HIT),
            Case("企业已吊销", _rows({}, {"status": "吊销"}, {"role": "股东"})),
            edge(Case("明天起的身份", _rows({}, {}, {"role": "股东", "since": date(2025, 1, 1)}))),
            edge(Case("今天起的身份", _rows({}, {}, {"role": "股东", "since": date(2024, 12, 31)}), HIT)),
            Case("已退休", _rows({"kind": "退休"}, {}, {"role": "高管"})),
        ),
    ),
]
