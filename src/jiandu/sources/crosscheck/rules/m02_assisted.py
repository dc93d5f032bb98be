"""M02 财政供养人员吃低保: who is on a list of the needy and, by another register, has pay, a firm, property or an office."""

from collections.abc import Callable
from datetime import date

from jiandu.base.engine.columns import literal, together
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import NONE, Hits, holds, households, listed, practice, titled
from jiandu.sources.crosscheck.rule import RED, YELLOW, Case, Given, Param, Row, Rule, edge

PRACTICE = practice("低保对象与财政供养、工商、房产、车辆等数据比对（湖北、岷县、天津滨海等地做法）")
KEY = ("id_no", "kind", "start_on")
NEEDY = Param("低保,特困,低边", "哪些救助类别")
HOMES, HOMES_FEN = Param(2, "几套不动产起"), Param(200_000_000, "不动产总值超过多少分")
CAR_FEN, MACHINE_FEN = Param(10_000_000, "车辆价格超过多少分"), Param(2_000_000, "一台农机补贴额超过多少分")
HIT: Hits = (("甲", "低保", "2022-01-01"),)
A: Row = {"id_no": "甲"}
PAID: Row = {**A, "unit": "U1"}


def on_list(g: Given) -> Expr:
    """On a list of the needy on the day."""
    return g.assistance.filter(g.assistance.kind.isin(listed(g.p.kinds)), holds(g.assistance, g.on))


def of(found: Expr, whom: Expr | None) -> Expr:
    """The rows of these people, where only they are asked for: of the others nothing need be counted."""
    return found if whom is None else found.semi_join(whom, "id_no")


def paid(g: Given, whom: Expr | None = None) -> Expr:
    """On the payroll on the day, at work or retired."""
    found = of(g.payroll.filter(holds(g.payroll, g.on)), whom)
    return found.group_by("id_no").agg(unit=found.unit.max(), pay_kind=found.kind.max())


def firms(g: Given, whom: Expr | None = None) -> Expr:
    """Legal representative, shareholder or officer of a firm that exists."""
    alive = g.company.filter(g.company.status == "存续")
    reps = alive.filter(alive.legal_rep.notnull()).select(id_no="legal_rep", uscc="uscc")
    owners = g.shareholder.semi_join(alive, "uscc").select("id_no", "uscc")
    found = of(together(reps, owners), whom)
    return found.group_by("id_no").agg(uscc=found.uscc.min())


def homes(g: Given, whom: Expr | None = None) -> Expr:
    """Several homes, or worth a lot."""
    all_of = of(g.realty, whom)
    found = all_of.group_by("id_no").agg(
        homes=all_of.count(), value_fen=all_of.value_fen.fill_null(0).sum().cast("int64")
    )
    return found.filter((found.homes >= g.p.homes) | (found.value_fen > g.p.homes_fen))


def cars(g: Given, whom: Expr | None = None) -> Expr:
    """A car that cost a lot."""
    found = of(g.vehicle.filter(g.vehicle.value_fen > g.p.car_fen), whom)
    return found.group_by("id_no").agg(cars=found.count(), value_fen=found.value_fen.max())


def offices(g: Given, _whom: Expr | None = None) -> Expr:
    """In an office on the day; there are few."""
    found = g.cadre.filter(holds(g.cadre, g.on))
    return found.group_by("id_no").agg(post=found.post.max())


def machines(g: Given, whom: Expr | None = None) -> Expr:
    """Bought a large farm machine with a subsidy."""
    large = g.machine.filter(g.machine.subsidy_fen > g.p.machine_fen)
    found = of(large.select("machine_id", "subsidy_fen", id_no="buyer_id"), whom)
    return found.group_by("id_no").agg(machine_id=found.machine_id.min(), subsidy_fen=found.subsidy_fen.max())


def dead(g: Given, _whom: Expr | None = None) -> Expr:
    """Dead for longer than the months of grace."""
    found = g.person.filter(g.person.died_on.notnull())
    return found.filter(found.died_on.delta(literal(g.on), unit="day") < -g.p.grace_days).select("id_no", "died_on")


def own(sign: Callable[[Given, Expr], Expr]) -> Callable[[Given], Expr]:
    """The person on the list is the one with the sign."""

    def hits(g: Given) -> Expr:
        rows = on_list(g).select(*KEY, place="village")
        return rows.join(sign(g, rows.select("id_no")), "id_no")

    return hits


def of_household(g: Given) -> Expr:
    """Another member of the household has a sign."""
    signs = {
        "在财政供养": paid,
        "是企业法人或股东": firms,
        "有多套或高价值不动产": homes,
        "有高价值车辆": cars,
        "任村干部": offices,
    }
    found = together(*(sign(g).select("id_no", sign=literal(words)) for words, sign in signs.items()))
    lives = households(g.person)
    members = found.join(lives, "id_no").select("household_id", "sign", member_id="id_no")
    needy = on_list(g).select(*KEY, place="village", said="household_id").left_join(lives, "id_no")
    needy = needy.select(*KEY, "place", household_id=needy.said.coalesce(needy.household_id))
    pairs = needy.filter(needy.household_id.notnull()).join(members, "household_id")
    return pairs.filter(pairs.member_id != pairs.id_no)


def rule(
    title: str, sign: Callable[[Given, Expr], Expr], tables: tuple[str, ...], said: tuple[str, str],
    *cases: Case, level: str = YELLOW, **params: Param,
) -> Rule:  # fmt: skip
    """One sign of the person on the list."""
    return Rule(
        *titled(title),
        level=level,
        tables=("assistance", *tables),
        key=KEY,
        hits=own(sign),
        params={"kinds": NEEDY, **params},
        basis=(PRACTICE,),
        sentence=f"{{id_no}}自{{start_on}}起在{{kind}}名单上，{said[0]}",
        blind=said[1],
        behind={"assistance": {"id_no": "id_no"}, **BEHIND.get(tables[0], {})},
        cases=cases,
    )


BEHIND: dict[str, dict[str, dict[str, str]]] = {
    name: {name: {"id_no": "id_no"}} for name in ("payroll", "realty", "vehicle", "cadre", "person")
} | {"company": {"company": {"uscc": "uscc"}}, "machine": {"machine": {"machine_id": "machine_id"}}}


def case(words: str, hits: Hits, table: str, *rows: Row, of: Row | None = None) -> Case:
    """甲 is on the list; rows of one more table."""
    return Case(words, {"assistance": ({**A, **(of or {})},), table: rows}, hits)


RULES = (
    rule(
        "M02-1 财政供养人员享受低保", paid, ("payroll",),
        ("同时由单位{unit}发放工资或退休金（{pay_kind}）。",
         "看不见编外用工；停薪日期没有登记的会误报；同一号码登记错人会误报。",),
        case("在职又吃低保", HIT, "payroll", PAID),
        case("退休人员", HIT, "payroll", {**PAID, "kind": "退休"}),
        edge(case("停薪日就是今天，仍算", HIT, "payroll", {**PAID, "end_on": date(2024, 12, 31)})),
        edge(case("昨天已停薪", NONE, "payroll", {**PAID, "end_on": date(2024, 12, 30)})),
        case("低保已停", NONE, "payroll", PAID, of={"end_on": date(2024, 12, 30)}),
        case("临时救助不在此列", NONE, "payroll", PAID, of={"kind": "临时救助"}),
        level=RED,
    ),
    rule(
        "M02-2 企业法人、股东享受低保", firms, ("company", "shareholder"),
        ("同时是存续企业（{uscc}）的法定代表人或股东、高管。",
         "看不见企业是否空壳、是否被冒名登记；个体小店也在企业表里时要看规模。",),
        case("法定代表人", HIT, "company", {"uscc": "K1", "legal_rep": "甲"}),
        Case(
            "只是股东",
            {"assistance": (A,), "company": ({"uscc": "K1"},), "shareholder": ({"uscc": "K1", "id_no": "甲"},)},
            HIT,
        ),
        edge(case("企业已注销", NONE, "company", {"uscc": "K1", "legal_rep": "甲", "status": "注销"})),
        case("法定代表人是别人", NONE, "company", {"uscc": "K1", "legal_rep": "乙"}),
    ),
    rule(
        "M02-3 高价值不动产者享受低保", homes, ("realty",),
        ("名下不动产{homes}处、评估价值合计{value_fen}。",
         "看不见登记在他人名下的房产；宅基地和自建房未必登记；继承份额按整套计。",),
        case("两处房产", HIT, "realty", A, A),
        edge(case("一处，超过200万元", HIT, "realty", {**A, "value_fen": 200_000_001})),
        edge(case("一处，正好200万元", NONE, "realty", {**A, "value_fen": 200_000_000})),
        case("一处自住房", NONE, "realty", A),
        homes=HOMES, homes_fen=HOMES_FEN,
    ),
    rule(
        "M02-4 高价值车辆者享受低保", cars, ("vehicle",),
        ("名下有高价值车辆{cars}辆，最高{value_fen}。",
         "看不见车辆的现值和实际使用人；残疾人代步车、营运货车要个别看。",),
        edge(case("价格过10万元", HIT, "vehicle", {**A, "value_fen": 10_000_001})),
        case("二十万元的车", HIT, "vehicle", {**A, "value_fen": 20_000_000}),
        edge(case("价格正好10万元", NONE, "vehicle", {**A, "value_fen": 10_000_000})),
        case("一万元的旧车", NONE, "vehicle", A),
        car_fen=CAR_FEN,
    ),
    rule(
        "M02-5 村干部享受低保", offices, ("cadre",),
        ("同时任{post}。",
         "看不见是否确有困难、是否经集体评议；离任没有登记的会误报。",),
        case("在任", HIT, "cadre", A),
        edge(case("今天离任，仍算", HIT, "cadre", {**A, "end_on": date(2024, 12, 31)})),
        edge(case("已离任", NONE, "cadre", {**A, "end_on": date(2024, 12, 30)})),
        case("明年才任职", NONE, "cadre", {**A, "start_on": date(2025, 1, 1)}),
    ),
    rule(
        "M02-6 购置大型农机者享受低保", machines, ("machine",),
        ("又购置享受补贴的农机（{machine_id}），补贴额{subsidy_fen}。",
         "看不见合伙购机和借名购机；名义购机人未必是使用人。",),
        case("补贴三万元", HIT, "machine", {"buyer_id": "甲"}),
        edge(case("补贴两万元零一分", HIT, "machine", {"buyer_id": "甲", "subsidy_fen": 2_000_001})),
        edge(case("补贴正好两万元", NONE, "machine", {"buyer_id": "甲", "subsidy_fen": 2_000_000})),
        case("别人购的机", NONE, "machine", {"buyer_id": "乙"}),
        machine_fen=MACHINE_FEN,
    ),
    rule(
        "M02-7 死亡人员未退出救助名单", dead, ("person",),
        ("但登记的死亡日期是{died_on}，名单上没有终止日期。",
         "看不见没有登记的死亡；名单上的终止日期补登迟了会误报。",),
        edge(case("死亡32天", HIT, "person", {**A, "died_on": date(2024, 11, 29)})),
        case("死亡半年", HIT, "person", {**A, "died_on": date(2024, 6, 30)}),
        edge(case("死亡正好31天", NONE, "person", {**A, "died_on": date(2024, 11, 30)})),
        case("已退出", NONE, "person", {**A, "died_on": date(2024, 6, 1)}, of={"end_on": date(2024, 6, 30)}),
        level=RED, grace_days=Param(31, "死亡后允许多少天办理退出"),
    ),
    Rule(
        "M02-8",
        "家庭成员不符合低保条件",
        level=YELLOW,
        tables=("assistance", "person", "payroll", "company", "shareholder", "realty", "vehicle", "cadre"),
        key=(*KEY, "member_id", "sign"),
        hits=of_household,
        params={"kinds": NEEDY, "homes": HOMES, "homes_fen": HOMES_FEN, "car_fen": CAR_FEN},
        basis=(PRACTICE,),
        sentence="{id_no}自{start_on}起在{kind}名单上，同户的{member_id}{sign}。",
        blind="看不见分户不分家，也看不见同户不同住；特困、残疾单独纳入保障的，家庭成员有收入未必违规。",
        behind={"assistance": {"id_no": "id_no"}, "person": {"id_no": "member_id"}},
        cases=(
            Case(
                "同户的人在财政供养",
                {"assistance": (A,), "person": ({**A, "household_id": "H1"}, {"id_no": "乙", "household_id": "H1"}),
                 "payroll": ({"id_no": "乙"},)},
                ((*HIT[0], "乙", "在财政供养"),),
            ),
            Case(
                "户号只在救助名单上，家人有车有职",
                {"assistance": ({**A, "household_id": "H1"},), "person": ({"id_no": "乙", "household_id": "H1"},),
                 "vehicle": ({"id_no": "乙", "value_fen": 10_000_001},), "cadre": ({"id_no": "乙"},)},
                ((*HIT[0], "乙", "有高价值车辆"), (*HIT[0], "乙", "任村干部")),
            ),
            edge(Case(
                "家人的车正好10万元",
                {"assistance": ({**A, "household_id": "H1"},), "person": ({"id_no": "乙", "household_id": "H1"},),
                 "vehicle": ({"id_no": "乙", "value_fen": 10_000_000},)},
            )),
            edge(Case(
                "家人的车十万元零一分",
                {"assistance": ({**A, "household_id": "H1"},), "person": ({"id_no": "乙", "household_id": "H1"},),
                 "vehicle": ({"id_no": "乙", "value_fen": 10_000_001},)},
                ((*HIT[0], "乙", "有高价值车辆"),),
            )),
            Case(
                "不同户",
                {"assistance": (A,), "person": ({**A, "household_id": "H1"}, {"id_no": "乙", "household_id": "H2"}),
                 "payroll": ({"id_no": "乙"},)},
            ),
        ),
    ),
)  # fmt: skip
