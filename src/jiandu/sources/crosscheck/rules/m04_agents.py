"""M04 代领集中: one agent or one account takes the subsidies of several people who are not its family; a cadre's account."""

from jiandu.base.engine.columns import together
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import both_ways, households, practice
from jiandu.sources.crosscheck.rule import RED, YELLOW, Case, Given, Param, Row, Rule, edge

PRACTICE = practice("补贴代领、账户集中比对（苏家屯、贾汪等地做法）")
MOST = Param(3, "几名非亲属起提示")


def strangers(g: Given, paid: Expr, taker: str) -> Expr:
    """Of rows (taker, id_no …) those of people who are neither relatives nor of the taker's household."""
    kin = both_ways(g.kin).select("id_a", "id_b")
    paid = paid.anti_join(kin, [paid[taker] == kin.id_a, paid.id_no == kin.id_b])
    lives = households(g.person)
    theirs = lives.select(taken_by="id_no", home="household_id")
    with_home = paid.left_join(lives, "id_no").drop("id_no_right")
    both = with_home.left_join(theirs, with_home[taker] == theirs.taken_by)
    return both.filter((both.home != both.household_id).fill_null(True))  # noqa: FBT003 -- Ibis' own


def sums(paid: Expr, keys: list[str]) -> Expr:
    """By keys: people (once each), payments, money."""
    return paid.group_by(keys).agg(
        people=paid.count(), payments=paid.payments.sum(), amount_fen=paid.amount_fen.sum(), place=paid.village.max()
    )


def by_agent(g: Given) -> Expr:
    """One agent for so many people."""
    taken = g.subsidy.filter(g.subsidy.agent_id.notnull(), g.subsidy.agent_id != g.subsidy.id_no)
    paid = taken.group_by(["agent_id", "id_no"]).agg(
        payments=taken.count(), amount_fen=taken.amount_fen.sum(), village=taken.village.max()
    )
    found = sums(strangers(g, paid, "agent_id"), ["agent_id"])
    return found.filter(found.people >= g.p.people)


def by_account(g: Given) -> Expr:
    """One account for so many people other than its holder. Accounts that take no two others fall away first."""
    told = g.subsidy.filter(g.subsidy.account.notnull())
    odd = told.filter(told.holder_id.isnull() | (told.holder_id != told.id_no))
    ends = odd.group_by("account").agg(low=odd.id_no.min(), high=odd.id_no.max())
    shared = told.semi_join(ends.filter(ends.low != ends.high), "account")
    paid = shared.group_by(["account", "id_no"]).agg(
        payments=shared.count(),
        amount_fen=shared.amount_fen.sum(),
        village=shared.village.max(),
        holder_id=shared.holder_id.max(),
    )
    others = paid.filter((paid.holder_id != paid.id_no).fill_null(True))  # noqa: FBT003 -- Ibis' own
    found = sums(strangers(g, others, "holder_id"), ["account"])
    return found.filter(found.people >= g.p.people)


def to_cadre(g: Given) -> Expr:
    """Into an account that is a cadre's, by its number or by who holds it, for somebody else."""
    columns = ["pay_id", "id_no", "amount_fen", "village"]
    accounts = g.cadre.filter(g.cadre.account.notnull()).select(cadre_id="id_no", account="account").distinct()
    cadres = g.cadre.select(holder_id="id_no").distinct()
    numbered = g.subsidy.select(*columns, "account").join(accounts, "account").select(*columns, "cadre_id")
    foreign = g.subsidy.filter(g.subsidy.holder_id != g.subsidy.id_no).select(*columns, "holder_id")
    held = foreign.join(cadres, "holder_id").select(*columns, cadre_id="holder_id")
    found = together(numbered, held)
    found = found.filter(found.cadre_id != found.id_no).distinct()
    return found.group_by(["cadre_id", "id_no"]).agg(
        payments=found.count(), amount_fen=found.amount_fen.sum(), place=found.village.max()
    )


def taken(count: int, **same: object) -> tuple[Row, ...]:
    """Payments to so many different people."""
    return tuple({"id_no": f"领{number}", **same} for number in range(1, count + 1))


KIN: Row = {"id_a": "代", "id_b": "领1", "relation": "子女"}
AT_HOME: tuple[Row, ...] = ({"id_no": "代", "household_id": "H1"}, {"id_no": "领1", "household_id": "H1"})
TABLES = ("subsidy", "person", "kin")

RULES = (
    Rule(
        "M04-1",
        "一人代领多人补贴",
        level=YELLOW,
        tables=TABLES,
        key=("agent_id",),
        hits=by_agent,
        params={"people": MOST},
        basis=(PRACTICE,),
        sentence="{agent_id}代{people}名非亲属领取补贴{payments}笔、{amount_fen}，请核实是否到本人手中。",
        blind="敬老院、监护机构代领要先排除；看不见没有登记的亲属。",
        behind={"subsidy": {"agent_id": "agent_id"}},
        cases=(
            edge(Case("代三人领", {"subsidy": taken(3, agent_id="代")}, (("代",),))),
            Case("代五人领", {"subsidy": taken(5, agent_id="代")}, (("代",),)),
            edge(Case("代两人领", {"subsidy": taken(2, agent_id="代")})),
            Case("三人中一人是亲属", {"subsidy": taken(3, agent_id="代"), "kin": (KIN,)}),
            Case("三人中一人同户", {"subsidy": taken(3, agent_id="代"), "person": AT_HOME}),
            Case("各有各的代领人", {"subsidy": taken(3)}),
        ),
    ),
    Rule(
        "M04-2",
        "一个账户收多人补贴",
        level=YELLOW,
        tables=TABLES,
        key=("account",),
        hits=by_account,
        params={"people": MOST},
        basis=(PRACTICE,),
        sentence="账户{account}收取{people}名非亲属的补贴{payments}笔、{amount_fen}，请核实是否到本人手中。",
        blind="集体供养账户、监护人账户要先排除；户主不明时同户的人也计入。",
        behind={"subsidy": {"account": "account"}},
        cases=(
            edge(Case("三人进一个户", {"subsidy": taken(3, account="A1", holder_id="代")}, (("A1",),))),
            Case("户主不明", {"subsidy": taken(3, account="A1")}, (("A1",),)),
            edge(Case("户主加两人", {"subsidy": (*taken(2, account="A1", holder_id="代"),
                                       {"id_no": "代", "account": "A1", "holder_id": "代"})})),
            Case("三人中一人是户主亲属", {"subsidy": taken(3, account="A1", holder_id="代"), "kin": (KIN,)}),
        ),
    ),
    Rule(
        "M04-3",
        "补贴进入干部账户",
        level=RED,
        tables=("subsidy", "cadre"),
        key=("cadre_id", "id_no"),
        hits=to_cadre,
        basis=(PRACTICE,),
        sentence="{id_no}的补贴{payments}笔、{amount_fen}进入干部{cadre_id}的账户。",
        blind="干部替老人、未成年子女代管的要看亲属关系和委托手续；看不见干部借用他人账户。",
        behind={"subsidy": {"id_no": "id_no"}, "cadre": {"id_no": "cadre_id"}},
        cases=(
            Case("账号是干部的",
                 {"subsidy": ({"id_no": "甲", "account": "A1"},), "cadre": ({"id_no": "乙", "account": "A1"},)},
                 (("乙", "甲"),)),
            Case("户主是干部", {"subsidy": ({"id_no": "甲", "holder_id": "乙"},), "cadre": ({"id_no": "乙"},)}, (("乙", "甲"),)),
            Case("账号和户主都是，一笔只算一次",
                 {"subsidy": ({"id_no": "甲", "account": "A1", "holder_id": "乙"},),
                  "cadre": ({"id_no": "乙", "account": "A1"},)},
                 (("乙", "甲"),)),
            edge(Case("干部领自己的",
                 {"subsidy": ({"id_no": "乙", "account": "A1", "holder_id": "乙"},),
                  "cadre": ({"id_no": "乙", "account": "A1"},)})),
            Case("进了本人账户",
                 {"subsidy": ({"id_no": "甲", "account": "A2", "holder_id": "甲"},),
                  "cadre": ({"id_no": "乙", "account": "A1"},)}),
        ),
    ),
)  # fmt: skip
