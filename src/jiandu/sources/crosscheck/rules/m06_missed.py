"""M06 漏保漏救: whom help should have reached. Reverse rules: a hit is a duty of the office, never a fault of the person."""

from collections.abc import Callable
from datetime import date, timedelta

from jiandu.base.engine.columns import day, day_of, month, month_of, together
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import NONE, Hits, holds, households, listed, titled
from jiandu.sources.crosscheck.rule import GREEN, YELLOW, Basis, Case, Given, Param, Row, Rule, edge

HELP = Param("低保,特困,低边,临时救助", "算已救助的类别")
BASIS = (
    Basis("社会救助暂行办法", "第十七条", date(2019, 3, 2)),
    Basis("“政策找人”数据比对（漯河等地做法；界限取自一篇文章，应按本地标准改）"),
)
A: Row = {"id_no": "甲"}
HIT: Hits = (("甲",),)
HOME_HIT: Hits = (("H1",),)


def helped(g: Given) -> tuple[Expr, Expr]:
    """Who has help on the day, and which households."""
    now = g.assistance.filter(g.assistance.kind.isin(listed(g.p.help)), holds(g.assistance, g.on))
    people = now.select("id_no")
    named = now.filter(now.household_id.notnull()).select("household_id")
    theirs = households(g.person).semi_join(people, "id_no").select("household_id")
    return people, together(named, theirs)


def missed(g: Given, found: Expr) -> Expr:
    """Of rows with id_no those whom no help reaches: not they nor their household; alive, and without public pay."""
    people, homes = helped(g)
    paid = g.payroll.filter(holds(g.payroll, g.on)).select("id_no")
    dead = g.person.filter(g.person.died_on.notnull()).select("id_no")
    rest = found.anti_join(people, "id_no").anti_join(paid, "id_no").anti_join(dead, "id_no")
    lives = households(g.person)
    return rest.left_join(lives, "id_no").drop("id_no_right").anti_join(homes, "household_id")


def lately(g: Given) -> Expr:
    """Stays that ended in the days before the day."""
    age = day_of(g.on) - day(g.med_settle.discharged_on)
    return g.med_settle.filter(age.between(0, g.p.days), g.med_settle.self_pay_fen.notnull())


def disabled(g: Given) -> Expr:
    """Severely disabled."""
    severe = g.disabled.filter(g.disabled.level <= g.p.grade)
    return missed(g, severe.select("id_no", place="village", grade="level"))


def one_stay(g: Given) -> Expr:
    """One stay cost the patient very much."""
    stays = lately(g)
    large = stays.filter(stays.self_pay_fen > g.p.stay_fen)
    return missed(g, large.group_by("id_no").agg(self_fen=large.self_pay_fen.max(), place=large.hospital.max()))


def of_income(g: Given) -> Expr:
    """A year of stays cost a household a large part of what it earns."""
    stays = lately(g)
    people = stays.group_by("id_no").agg(paid_fen=stays.self_pay_fen.sum())
    lives = people.join(households(g.person), "id_no")
    paid = lives.group_by("household_id").agg(paid_fen=lives.paid_fen.sum())
    both = paid.join(g.household.filter(g.household.income_fen.notnull()), "household_id")
    large = both.filter(both.paid_fen * 100 > both.income_fen * g.p.percent)
    _people, homes = helped(g)
    members = households(g.person)
    public = members.semi_join(g.payroll.filter(holds(g.payroll, g.on)), "id_no")
    rest = large.anti_join(homes, "household_id").anti_join(public, "household_id")
    return rest.mutate(place=rest.village)


def uninsured(g: Given) -> Expr:
    """No contribution for months on end."""
    idle = month_of(g.on) - month(g.insured.last_month)
    late = g.insured.mutate(months=idle).filter(idle >= g.p.months)
    return missed(g, late.select("id_no", "months", "last_month", place="village"))


def rule(
    title: str, hits: Callable[[Given], Expr], sources: tuple[str, ...], said: tuple[str, str], *cases: Case,
    level: str = YELLOW, key: tuple[str, ...] = ("id_no",), **params: Param,
) -> Rule:  # fmt: skip
    """One ground for help."""
    return Rule(
        *titled(title),
        level=level,
        tables=(*sources, "assistance", "payroll", "person"),
        key=key,
        hits=hits,
        params={"help": HELP, **params},
        basis=BASIS,
        sentence=said[0],
        blind=said[1],
        behind={sources[0]: {"id_no": "id_no"}}
        if key == ("id_no",)
        else {"household": {"household_id": "household_id"}},
        cases=cases,
    )


def case(words: str, hits: Hits, table: str, row: Row, **more: tuple[Row, ...]) -> Case:
    """甲 in one register."""
    return Case(words, {table: ({**A, **row},), **more}, hits)


def at_home(words: str, hits: Hits, self_fen: tuple[int, ...], **more: tuple[Row, ...]) -> Case:
    """A household that earns sixty thousand yuan, of two; stays of 甲 and 乙."""
    stays = tuple(
        {
            "id_no": who,
            "self_pay_fen": fen,
            "admitted_on": date(2024, 3, 1 + 9 * n),
            "discharged_on": date(2024, 3, 5 + 9 * n),
        }
        for n, (who, fen) in enumerate(zip("甲乙", self_fen, strict=False))
    )
    people = ({**A, "household_id": "H1"}, {"id_no": "乙", "household_id": "H1"})
    rows = {"household": ({"household_id": "H1"},), "person": people, "med_settle": stays, **more}
    return Case(words, rows, hits)


LARGE: Row = {"self_pay_fen": 5_000_001, "amount_fen": 9_000_000}
HOME: tuple[Row, ...] = ({**A, "household_id": "H1"}, {"id_no": "乙", "household_id": "H1"})
OLD = date(2024, 12, 31) - timedelta(days=366)

RULES = (
    rule(
        "M06-1 重度残疾未获救助", disabled, ("disabled",),
        ("{id_no}为{grade}级残疾，不在低保、特困、低边、临时救助名单上，请主动上门核实。",
         "看不见家庭收入和财产，条件不符的也会提示；看不见外地发放的救助。",),
        case("一级残疾", HIT, "disabled", {"level": 1}),
        edge(case("正好二级", HIT, "disabled", {"level": 2})),
        edge(case("三级", NONE, "disabled", {"level": 3})),
        case("已在低保", NONE, "disabled", {"level": 1}, assistance=(A,)),
        case("低保已停", HIT, "disabled", {"level": 1}, assistance=({**A, "end_on": date(2024, 12, 30)},)),
        case("只有孤儿待遇", HIT, "disabled", {"level": 2}, assistance=({**A, "kind": "孤儿"},)),
        case("同户已在低保", NONE, "disabled", {"level": 1}, person=HOME, assistance=({"id_no": "乙"},)),
        case("已去世", NONE, "disabled", {"level": 1}, person=({**A, "died_on": date(2024, 12, 1)},)),
        case("有退休金", NONE, "disabled", {"level": 1}, payroll=({**A, "kind": "退休"},)),
        level=GREEN, grade=Param(2, "残疾几级以上"),
    ),
    rule(
        "M06-2 一次住院自付过高未获救助", one_stay, ("med_settle",),
        ("{id_no}一年内一次住院自付{self_fen}，不在救助名单上，请主动核实是否因病致贫。",
         "看不见商业保险和家庭积蓄；没有减去事后的二次报销。",),
        edge(case("自付五万元零一分", HIT, "med_settle", LARGE)),
        case("自付八万元", HIT, "med_settle", {**LARGE, "self_pay_fen": 8_000_000}),
        edge(case("自付正好五万元", NONE, "med_settle", {**LARGE, "self_pay_fen": 5_000_000})),
        case("已获临时救助", NONE, "med_settle", LARGE, assistance=({**A, "kind": "临时救助"},)),
        case("一年以前的住院", NONE, "med_settle",
             {**LARGE, "admitted_on": OLD - timedelta(days=9), "discharged_on": OLD}),
        stay_fen=Param(5_000_000, "一次住院自付超过多少分"), days=Param(365, "看多少天以内"),
    ),
    rule(
        "M06-3 家庭医疗自付占收入过高未获救助", of_income, ("med_settle", "household"),
        ("户号{household_id}一年内住院自付{paid_fen}，家庭年收入{income_fen}，没有获得救助，请主动核实。",
         "家庭年收入多为申报数；看不见商业保险、借款和家庭积蓄。",),
        edge(at_home("两人合计24000.01元", HOME_HIT, (1_200_000, 1_200_001))),
        at_home("花去一半收入", HOME_HIT, (1_500_000, 1_500_000)),
        edge(at_home("正好四成", NONE, (1_200_000, 1_200_000))),
        at_home("家里有人已在低保", NONE, (1_200_000, 1_300_000), assistance=(A,)),
        at_home("家里有人财政供养", NONE, (1_200_000, 1_300_000), payroll=({"id_no": "乙"},)),
        at_home("花费不多", NONE, (200_000,)),
        key=("household_id",),
        percent=Param(40, "超过家庭年收入的百分之几"), days=Param(365, "看多少天以内"),
    ),
    rule(
        "M06-4 断缴社保未获救助", uninsured, ("insured",),
        ("{id_no}的社会保险缴到{last_month}，已{months}个月没有缴费，不在救助名单上，请主动核实是否失业。",
         "看不见转到外地、改按灵活就业参保的人。",),
        edge(case("九月起三个月", HIT, "insured", {"last_month": date(2024, 9, 1)})),
        case("断缴半年", HIT, "insured", {"last_month": date(2024, 6, 1)}),
        edge(case("断缴两个月", NONE, "insured", {"last_month": date(2024, 10, 1)})),
        case("已获低边", NONE, "insured", {"last_month": date(2024, 6, 1)}, assistance=({**A, "kind": "低边"},)),
        level=GREEN, months=Param(3, "断缴几个月起"),
    ),
)  # fmt: skip
