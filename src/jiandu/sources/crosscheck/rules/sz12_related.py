"""SZ-12 关联交易: the other side is a cadre of the village, near kin of one, or a firm of theirs."""

from datetime import date

from jiandu.base.engine.columns import together
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import COLLECTIVE, of, of_cadres
from jiandu.sources.crosscheck.rule import RED, Basis, Case, Given, Rule, edge


def near(g: Given) -> Expr:
    """(village, id_no, cadre_id, tie): cadres and their kin, with the cadre's time in office."""
    cadre = g.cadre.select("village", "start_on", "end_on", cadre_id=g.cadre.id_no).filter(g.cadre.village.notnull())
    kin = together(
        g.kin.select(cadre_id=g.kin.id_a, id_no=g.kin.id_b, tie=g.kin.relation),
        g.kin.select(cadre_id=g.kin.id_b, id_no=g.kin.id_a, tie=g.kin.relation),
    )
    own = cadre.mutate(id_no=cadre.cadre_id, tie=_word("本人"))
    theirs = cadre.join(kin, "cadre_id")
    columns = ["village", "id_no", "cadre_id", "tie", "start_on", "end_on"]
    return together(own.select(*columns), theirs.select(*columns))


def owners(g: Given) -> Expr:
    """(uscc, id_no): who represents, holds or leads a firm."""
    legal = g.company.filter(g.company.legal_rep.notnull()).select("uscc", id_no=g.company.legal_rep)
    return together(legal, g.shareholder.select("uscc", "id_no"))


def related(sides: Expr, g: Given) -> Expr:
    """Sides (id, village, on, person, uscc) whose person or firm is near a cadre who was in office that day; each once."""
    people = near(g)
    persons = sides.filter(sides.person.notnull()).select("id", "village", "on", id_no="person")
    firms = sides.filter(sides.uscc.notnull()).join(owners(g), "uscc").select("id", "village", "on", "id_no")
    met = together(persons, firms).join(people, ["village", "id_no"])
    in_office = (met.start_on <= met.on) & (met.end_on.isnull() | (met.end_on >= met.on))
    return (
        met.filter(in_office)
        .group_by(["id", "village"])
        .agg(cadre_id=met.cadre_id.min(), ties=met.tie.max(), on=met.on.min())
    )


def hits(g: Given) -> Expr:
    """Contracts."""
    c = g.contract
    sides = c.select(id=c.contract_id, village=c.village, on=c.signed_on, person=c.lessee_id, uscc=c.lessee_uscc)
    found = related(sides, g)
    return found.select(
        contract_id=found.id, village=found.village, place=found.village, cadre_id=found.cadre_id, ties=found.ties
    )


def works_hits(g: Given) -> Expr:
    """Works, contracted by a firm or by a person alone."""
    w = g.works.filter(g.works.village.notnull())
    sides = w.select(id=w.works_id, village=w.village, on=w.started_on, person=w.contractor_id, uscc=w.contractor)
    found = related(sides, g)
    return found.select(
        works_id=found.id, village=found.village, place=found.village, cadre_id=found.cadre_id, ties=found.ties
    )


def _word(text: str) -> Expr:
    import ibis  # noqa: PLC0415 -- slow import

    return ibis.literal(text)


CADRE = {"village": "甲村", "id_no": "干部甲", "start_on": date(2021, 1, 1)}
BASIS = (
    Basis("农村集体经济组织法", "第二十九条（回避）", date(2025, 5, 1)),
    of_cadres("第五条第四项（承包租赁等经营活动中为本人或者他人谋取私利）"),
    Basis("村干部与承租承包方关系比对（全椒、湖北等地做法）"),
)
BLIND = (
    "只看户籍、亲属表和工商登记所列的关系；代持、隐名和没有登记的亲属看不见。关联不等于违规，须看是否公开、是否回避。"
)


def _contract(**told: object) -> tuple[dict[str, object], ...]:
    return ({"contract_id": "C1", "village": "甲村", **told},)


RULES = (
    Rule(
        "SZ-12",
        "关联交易（合同）",
        level=RED,
        tables=("contract", "cadre", "kin", "company", "shareholder"),
        key=("contract_id",),
        hits=of(COLLECTIVE, hits, "contract"),
        version=2,
        basis=BASIS,
        sentence="{village}合同{contract_id}的承租方与签订时在任的村干部{cadre_id}有关联（{ties}）。",
        blind=BLIND,
        behind={"contract": {"contract_id": "contract_id"}, "cadre": {"id_no": "cadre_id"}},
        cases=(
            Case("承租人是村干部", {"contract": _contract(lessee_id="干部甲"), "cadre": (CADRE,)}, (("C1",),)),
            Case(
                "承租人是村干部配偶",
                {"contract": _contract(lessee_id="乙"), "cadre": (CADRE,), "kin": ({"id_a": "乙", "id_b": "干部甲"},)},
                (("C1",),),
            ),
            Case(
                "承租企业的股东是村干部",
                {
                    "contract": _contract(lessee_uscc="企业一"),
                    "cadre": (CADRE,),
                    "shareholder": ({"uscc": "企业一", "id_no": "干部甲"},),
                },
                (("C1",),),
            ),
            Case("别村的干部", {"contract": _contract(lessee_id="干部甲"), "cadre": ({**CADRE, "village": "乙村"},)}),
            edge(
                Case(
                    "签订时尚未任职",
                    {"contract": _contract(lessee_id="干部甲"), "cadre": ({**CADRE, "start_on": date(2022, 12, 21)},)},
                )
            ),
        ),
    ),
    Rule(
        "SZ-12-2",
        "关联交易（工程）",
        level=RED,
        tables=("works", "cadre", "kin", "company", "shareholder"),
        key=("works_id",),
        hits=works_hits,
        version=2,
        basis=BASIS,
        sentence="{village}工程{works_id}的承包人与开工时在任的村干部{cadre_id}有关联（{ties}）。",
        blind=BLIND,
        behind={"works": {"works_id": "works_id"}, "cadre": {"id_no": "cadre_id"}},
        cases=(
            Case(
                "承包企业法定代表人是村干部的兄弟",
                {
                    "works": ({"works_id": "W1", "village": "甲村", "contractor": "企业一"},),
                    "company": ({"uscc": "企业一", "legal_rep": "乙"},),
                    "cadre": (CADRE,),
                    "kin": ({"id_a": "干部甲", "id_b": "乙", "relation": "兄弟"},),
                },
                (("W1",),),
            ),
            Case(
                "承包人是村干部的配偶，没有企业",
                {
                    "works": ({"works_id": "W1", "village": "甲村", "contractor_id": "乙"},),
                    "cadre": (CADRE,),
                    "kin": ({"id_a": "干部甲", "id_b": "乙"},),
                },
                (("W1",),),
            ),
            Case(
                "承包人就是村干部",
                {"works": ({"works_id": "W1", "village": "甲村", "contractor_id": "干部甲"},), "cadre": (CADRE,)},
                (("W1",),),
            ),
            Case(
                "承包企业的股东是村干部",
                {
                    "works": ({"works_id": "W1", "village": "甲村", "contractor": "企业一"},),
                    "cadre": (CADRE,),
                    "shareholder": ({"uscc": "企业一", "id_no": "干部甲"},),
                },
                (("W1",),),
            ),
            edge(
                Case(
                    "承包人后来才任村干部",
                    {
                        "works": ({"works_id": "W1", "village": "甲村", "contractor_id": "干部甲"},),
                        "cadre": ({**CADRE, "start_on": date(2024, 2, 2)},),
                    },
                )
            ),
            Case(
                "没有关联",
                {
                    "works": ({"works_id": "W1", "village": "甲村", "contractor": "企业一"},),
                    "company": ({"uscc": "企业一", "legal_rep": "乙"},),
                    "cadre": (CADRE,),
                },
            ),
        ),
    ),
)
