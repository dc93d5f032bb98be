"""M03 优亲厚友: a benefit that somebody decides on goes to a cadre's relative. A score says where to look, never guilt."""

from datetime import date

from jiandu.base.engine.columns import together, where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import NONE, Hits, both_ways, holds, listed, of_cadres, practice
from jiandu.sources.crosscheck.rule import GREEN, YELLOW, Case, Given, Param, Row, Rule, edge

PRACTICE = practice("优亲厚友比对和计分（湖北、江华等地做法）")


def benefits(g: Given) -> Expr:
    """Assistance, and subsidies that are not everybody's: kind, village and who handled it."""
    columns = ["id_no", "kind", "village", "approver_id"]
    assisted = g.assistance.filter(g.assistance.start_on <= g.on)
    chosen = g.subsidy.filter(g.subsidy.kind.notin(listed(g.p.for_all)))
    return together(*(rows.select(columns) for rows in (assisted, chosen)))


def hits(g: Given) -> Expr:
    """Points for a near relative, for an office in the same village, for having handled it."""
    got = benefits(g)
    kin = both_ways(g.kin).select(id_no="id_a", official_id="id_b", relation="relation")
    found = g.cadre.filter(holds(g.cadre, g.on))
    offices = found.group_by(["id_no", "village"]).agg(post=found.post.max())
    offices = offices.select(official_id="id_no", office="village", post="post")
    pairs = got.join(kin, "id_no").left_join(offices, "official_id")
    handled = (pairs.approver_id == pairs.official_id).fill_null(False)  # noqa: FBT003 -- Ibis' own
    here = (pairs.office == pairs.village).fill_null(False)  # noqa: FBT003 -- Ibis' own
    points = (
        where(pairs.relation.isin(listed(g.p.near)), g.p.near_points, g.p.far_points)
        + where(here, g.p.village_points, 0)
        + where(handled, g.p.handled_points, 0)
    )
    pairs = pairs.filter(handled | here).mutate(points=points, by=where(handled, "经办审批人", "同村任职的干部"))
    scored = pairs.group_by(["id_no", "kind", "official_id"]).agg(
        score=pairs.points.max(), relation=pairs.relation.max(), by=pairs.by.max(), place=pairs.village.max()
    )
    return scored.filter(scored.score >= g.p.least).mutate(level=where(scored.score >= g.p.yellow, YELLOW, GREEN))


GOT: Row = {"id_no": "甲", "village": "村一"}
OFFICE: Row = {"id_no": "乙", "village": "村一"}
HIT: Hits = (("甲", "低保", "乙"),)
FACTORY: Row = {"id_no": "甲", "kind": "危房改造补助", "approver_id": "乙"}


def case(words: str, hits: Hits, got: Row, relation: str = "配偶", **rows: tuple[Row, ...]) -> Case:
    """甲 gets assistance; 乙 is a relative."""
    kin = ({"id_a": "乙", "id_b": "甲", "relation": relation},)
    return Case(words, {"assistance": (got,), "kin": kin, **rows}, hits)


RULE = Rule(
    "M03",
    "优亲厚友（评分）",
    level=GREEN,
    tables=("assistance", "subsidy", "kin", "cadre"),
    key=("id_no", "kind", "official_id"),
    hits=hits,
    params={
        "for_all": Param("耕地地力保护补贴,城乡居民养老金,高龄津贴", "人人都有、不经评议的补贴"),
        "near": Param("配偶,父母,子女,兄弟姐妹", "近亲属"),
        "near_points": Param(2, "近亲属的分"),
        "far_points": Param(1, "其他亲属的分"),
        "village_points": Param(2, "同村任职的分"),
        "handled_points": Param(3, "本人经办审批的分"),
        "least": Param(4, "多少分起提示"),
        "yellow": Param(5, "多少分起为黄色"),
    },
    basis=(of_cadres("第五条第三项（补贴救助款物分配发放中优亲厚友）"), PRACTICE),
    sentence="{id_no}享受{kind}，与{by}{official_id}登记为亲属（{relation}），得{score}分；是否符合条件、是否回避，请核实。",
    blind="亲属符合条件也会得分，得分不是问题；看不见没有登记的亲属和人情关系。",
    behind={"assistance": {"id_no": "id_no"}, "cadre": {"id_no": "official_id"}},
    cases=(
        edge(case("同村干部的配偶，正好4分", HIT, GOT, cadre=(OFFICE,))),
        case("本人经办，任职在外村，5分", HIT, {**GOT, "approver_id": "乙"}),
        case("本人经办又在同村任职，7分", HIT, {**GOT, "approver_id": "乙"}, cadre=(OFFICE,)),
        edge(case("同村任职的远亲，3分", NONE, GOT, "表亲", cadre=(OFFICE,))),
        case("干部在外村任职", NONE, GOT, cadre=({**OFFICE, "village": "村二"},)),
        case("已经离任", NONE, GOT, cadre=({**OFFICE, "end_on": date(2024, 6, 30)},)),
        Case(
            "需评议的补贴由亲属经办",
            {"subsidy": (FACTORY,), "kin": ({"id_a": "甲", "id_b": "乙", "relation": "兄弟姐妹"},)},
            (("甲", "危房改造补助", "乙"),),
        ),
        Case(
            "人人都有的补贴由亲属经办",
            {"subsidy": ({**FACTORY, "kind": "耕地地力保护补贴"},), "kin": ({"id_a": "甲", "id_b": "乙"},)},
        ),
    ),
)
