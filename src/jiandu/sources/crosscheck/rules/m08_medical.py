"""M08 医保: settlements that cannot be so, that come too soon after each other, or cost far more than others."""

from collections.abc import Callable
from datetime import date, timedelta

from jiandu.base.engine.columns import day, previous
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import NONE, Hits, listed, practice, titled
from jiandu.sources.crosscheck.rule import RED, YELLOW, Basis, Case, Given, Param, Row, Rule, edge

PRACTICE = practice("医保结算数据比对（襄阳等地做法）")
ORDINANCE = Basis("医疗保障基金使用监督管理条例", "第十五条", date(2021, 5, 1))
#: What the article names: 冒名就医, 分解、挂床住院, 串换项目, 超标准收费. It names no 标王.
NAMED = ("M08-1", "M08-2", "M08-3", "M08-4", "M08-5", "M08-6")


def dead_card(g: Given) -> Expr:
    """Begun after the holder's death."""
    dead = g.person.filter(g.person.died_on.notnull()).select("id_no", "died_on")
    paid = g.med_settle.select("settle_id", "id_no", "hospital", "kind", "admitted_on", "amount_fen")
    # said twice: by a comparison of the columns themselves an engine leaves out whole blocks of days before any death
    after = [paid.admitted_on > dead.died_on] if g.p.grace_days >= 0 else []
    used = paid.join(dead, [paid.id_no == dead.id_no, *after])
    return used.filter(day(used.admitted_on) - day(used.died_on) > g.p.grace_days).mutate(place=used.hospital)


def stays(g: Given) -> Expr:
    """Stays with their days as whole numbers."""
    rows = g.med_settle.filter(g.med_settle.kind == "住院", g.med_settle.discharged_on.notnull())
    return rows.select(
        "settle_id", "id_no", "hospital", "disease", "admitted_on", "discharged_on",
        came=day(rows.admitted_on), left=day(rows.discharged_on),
    )  # fmt: skip


def repeated(g: Given) -> Expr:
    """Stays of people with more than one: a window over the others would cost and find nothing."""
    rows = stays(g)
    counts = rows.group_by("id_no").agg(n=rows.count())
    return rows.semi_join(counts.filter(counts.n > 1), "id_no")


def two_places(g: Given) -> Expr:
    """Two hospitals at once; the day of a transfer does not count."""
    import ibis  # noqa: PLC0415 -- slow import

    rows = stays(g)
    other = rows.select(
        id_no="id_no", settle_b="settle_id", hospital_b="hospital", came_b="came", left_b="left",
        admitted_b="admitted_on", discharged_b="discharged_on",
    )  # fmt: skip
    pairs = rows.join(other, "id_no")
    pairs = pairs.filter(pairs.settle_id < pairs.settle_b, pairs.hospital != pairs.hospital_b)
    both = pairs.mutate(
        days=ibis.least(pairs.left, pairs.left_b) - ibis.greatest(pairs.came, pairs.came_b), place=pairs.hospital
    )
    return both.filter(both.days >= g.p.days)


def split_stay(g: Given) -> Expr:
    """Out and in again after a day or two, several times a year."""
    rows = repeated(g)
    window = previous(["id_no"], ["came", "settle_id"])
    rows = rows.mutate(gap=rows.came - rows.left.lag().over(window), year=rows.admitted_on.year().cast("int64"))
    soon = rows.filter(rows.gap.between(g.p.from_days, g.p.to_days))
    found = soon.group_by(["id_no", "year"]).agg(
        times=soon.count(), last_on=soon.admitted_on.max(), place=soon.hospital.max()
    )
    return found.filter(found.times >= g.p.times)


def again(g: Given) -> Expr:
    """Back with the same disease within days."""
    rows = repeated(g)
    rows = rows.filter(rows.disease.notnull(), rows.disease.notin(listed(g.p.planned)))
    window = previous(["id_no", "disease"], ["came", "settle_id"])
    rows = rows.mutate(
        before=rows.settle_id.lag().over(window),
        left_before=rows.discharged_on.lag().over(window),
        gap=rows.came - rows.left.lag().over(window),
    )
    return rows.filter(rows.gap.between(0, g.p.days - 1)).mutate(place=rows.hospital)


def wrong_sex(g: Given) -> Expr:
    """An item for one sex, the 17th place of the number says the other."""
    rows = g.med_item.filter(g.med_item.for_sex.isin(["男", "女"]))
    men = rows.id_no.substr(16, 1).isin(list("13579"))
    for_men = rows.for_sex == "男"
    return rows.filter((men & ~for_men) | (~men & for_men)).mutate(place=rows.hospital)


def dear(g: Given) -> Expr:
    """A price far above the mean of all others for the same item."""
    rows = g.med_item.select("settle_id", "item", "hospital", "on", "price_fen")
    known = g.med_item.group_by("item").agg(n=g.med_item.price_fen.count(), sum_fen=g.med_item.price_fen.sum())
    both = rows.join(known.filter(known.n >= g.p.rows), "item")
    found = both.filter(both.price_fen * (both.n - 1) * 100 > (both.sum_fen - both.price_fen) * g.p.percent)
    return found.mutate(
        others=found.n - 1,
        others_fen=((found.sum_fen - found.price_fen) / (found.n - 1)).floor().cast("int64"),
        place=found.hospital,
    )


def dearest(g: Given) -> Expr:
    """Whose year cost many times the mean of all."""
    import ibis  # noqa: PLC0415 -- slow import

    rows = g.med_settle.select("id_no", "amount_fen", "hospital", year=g.med_settle.admitted_on.year().cast("int64"))
    people = rows.group_by(["id_no", "year"]).agg(
        times=rows.count(), amount_fen=rows.amount_fen.sum(), place=rows.hospital.max()
    )
    years = people.group_by("year").agg(n=people.count(), sum_fen=people.amount_fen.sum())
    both = people.filter(people.amount_fen >= g.p.least_fen).join(years, "year")
    found = both.filter(both.amount_fen * both.n > both.sum_fen * g.p.times)
    ranks = ibis.window(group_by="year", order_by=ibis.desc("amount_fen"))
    return found.mutate(rank=ibis.rank().over(ranks) + 1, mean_fen=(found.sum_fen / found.n).floor().cast("int64"))


def rule(
    title: str, hits: Callable[[Given], Expr], tables: tuple[str, ...], said: tuple[str, str], *cases: Case,
    key: tuple[str, ...] = ("settle_id",), level: str = YELLOW, **params: Param,
) -> Rule:  # fmt: skip
    """One sign."""
    return Rule(
        *titled(title),
        level=level,
        tables=tables,
        key=key,
        hits=hits,
        params=params,
        basis=(ORDINANCE, PRACTICE) if title.startswith(NAMED) else (PRACTICE,),
        sentence=said[0],
        blind=said[1],
        behind={tables[0]: {key[0]: key[0]}} | ({"person": {"id_no": "id_no"}} if "person" in tables else {}),
        cases=cases,
    )


A: Row = {"id_no": "甲"}
FIRST = date(2024, 3, 1)


def stay(settle: str, came: int, left: int, disease: str = "J18", hospital: str = "院") -> Row:
    """A stay of 甲, days counted from 1 March."""
    dates = {"admitted_on": FIRST + timedelta(days=came), "discharged_on": FIRST + timedelta(days=left)}
    return {**A, "settle_id": settle, "hospital": hospital, "disease": disease, **dates}


def in_stays(words: str, hits: Hits, *rows: Row) -> Case:
    """Stays of 甲 alone."""
    return Case(words, {"med_settle": rows}, hits)


def priced(words: str, hits: Hits, item: str, count: int, fen: int) -> Case:
    """So many at twenty yuan, one at another price."""
    rows = tuple({"item": item} for _ in range(count))
    return Case(words, {"med_item": (*rows, {"settle_id": "贵", "item": item, "price_fen": fen})}, hits)


def year_of(words: str, hits: Hits, year: int, count: int, fen: int) -> Case:
    """A year in which so many people cost twenty thousand yuan each, and 甲 another sum."""
    on = {"admitted_on": date(year, 3, 1), "discharged_on": date(year, 3, 8)}
    rows = tuple({"amount_fen": 2_000_000, **on} for _ in range(count))
    return Case(words, {"med_settle": (*rows, {**A, "amount_fen": fen, **on})}, hits)


RULES = (
    rule(
        "M08-1 逝者医保卡结算", dead_card, ("med_settle", "person"),
        ("{id_no}登记的死亡日期是{died_on}，{admitted_on}仍在{hospital}以{kind}结算{amount_fen}。",
         "看不见没有登记的死亡；死亡日期登记错误、补录结算会误报。"),
        Case("死后两个月住院", {"person": ({**A, "died_on": date(2024, 1, 2)},), "med_settle": (stay("S1", 0, 5),)}, (("S1",),)),
        edge(Case("死亡次日", {"person": ({**A, "died_on": date(2024, 2, 29)},), "med_settle": (stay("S1", 0, 5),)}, (("S1",),))),
        edge(Case("当天入院当天去世", {"person": ({**A, "died_on": FIRST},), "med_settle": (stay("S1", 0, 0),)})),
        Case("在世", {"person": (A,), "med_settle": (stay("S1", 0, 5),)}),
        level=RED, grace_days=Param(0, "死亡后允许几天"),
    ),
    rule(
        "M08-2 同时在两家医院住院", two_places, ("med_settle",),
        ("{id_no}在{hospital}住院{admitted_on}至{discharged_on}，又在{hospital_b}住院{admitted_b}至{discharged_b}，重叠{days}天。",
         "看不见转院手续；出院日期按结算日登记的会误报。"),
        in_stays("重叠三天", (("S1", "S2"),), stay("S1", 0, 8), stay("S2", 5, 12, "K35", "院二")),
        edge(in_stays("重叠正好一天", (("S1", "S2"),), stay("S1", 0, 8), stay("S2", 7, 12, "K35", "院二"))),
        edge(in_stays("当天转院", NONE, stay("S1", 0, 8), stay("S2", 8, 12, "K35", "院二"))),
        in_stays("同一医院的两笔", NONE, stay("S1", 0, 8), stay("S2", 5, 12, "K35")),
        key=("settle_id", "settle_b"), level=RED, days=Param(1, "重叠几天起"),
    ),
    rule(
        "M08-3 反复出院后一两天又住院", split_stay, ("med_settle",),
        ("{id_no}在{year}年有{times}次出院后一两天又住院，最近一次在{last_on}，请看是否分解住院。",
         "看不见病情；转科、转院、分疗程治疗会误报。"),
        edge(in_stays("两次", (("甲", "2024"),), stay("S1", 0, 5, "A1"), stay("S2", 6, 9, "A2"), stay("S3", 11, 15, "A3"))),
        in_stays("三次", (("甲", "2024"),), stay("S1", 0, 5, "A1"), stay("S2", 6, 9, "A2"), stay("S3", 11, 15, "A3"), stay("S4", 16, 20, "A4")),
        edge(in_stays("只有一次", NONE, stay("S1", 0, 5, "A1"), stay("S2", 6, 9, "A2"), stay("S3", 12, 15, "A3"))),
        in_stays("当天再入院不算", NONE, stay("S1", 0, 5, "A1"), stay("S2", 5, 9, "A2"), stay("S3", 9, 15, "A3")),
        key=("id_no", "year"), from_days=Param(1, "间隔几天起"), to_days=Param(2, "间隔几天为止"), times=Param(2, "一年几次起"),
    ),
    rule(
        "M08-4 同病种十五天内再住院", again, ("med_settle",),
        ("{id_no}于{left_before}出院（{before}），{gap}天后于{admitted_on}因同一病种{disease}再住院。",
         "看不见病情反复；放化疗、透析、分娩等计划内的再住院已除外，其余要看病历。"),
        edge(in_stays("十四天", (("S2",),), stay("S1", 0, 5), stay("S2", 19, 24))),
        in_stays("当天", (("S2",),), stay("S1", 0, 5), stay("S2", 5, 9)),
        edge(in_stays("正好十五天", NONE, stay("S1", 0, 5), stay("S2", 20, 24))),
        in_stays("不同病种", NONE, stay("S1", 0, 5), stay("S2", 10, 24, "K35")),
        in_stays("放化疗", NONE, stay("S1", 0, 5, "Z51"), stay("S2", 10, 24, "Z51")),
        days=Param(15, "不到多少天"), planned=Param("Z51,Z49,O80", "计划内再住院的病种"),
    ),
    rule(
        "M08-5 项目与性别不符", wrong_sex, ("med_item",),
        ("{hospital}于{on}为{id_no}记{item}，该项目限{for_sex}性。",
         "多是编码对应错误、输入法误选、家人共用卡号，先查编码再问人。"),
        Case("男性记妇科项目", {"med_item": ({"settle_id": "S1", "id_no": "甲男", "item": "宫腔镜检查", "for_sex": "女"},)},
             (("S1", "宫腔镜检查"),)),
        Case("女性记男科项目", {"med_item": ({"settle_id": "S1", "id_no": "甲女", "item": "前列腺检查", "for_sex": "男"},)},
             (("S1", "前列腺检查"),)),
        Case("相符", {"med_item": ({"id_no": "甲女", "item": "宫腔镜检查", "for_sex": "女"},
                                   {"id_no": "乙男", "item": "前列腺检查", "for_sex": "男"})}),
        edge(Case("不限性别", {"med_item": ({"id_no": "甲男", "item": "胸片"},)})),
        key=("settle_id", "item"),
    ),
    rule(
        "M08-6 收费单价明显偏高", dear, ("med_item",),
        ("{hospital}于{on}所记{item}单价{price_fen}，其他{others}笔平均{others_fen}。",
         "看不见规格、耗材和医院等级的差别；录入时单价与总价颠倒会误报。"),
        edge(priced("三倍多", (("贵", "CT平扫甲"),), "CT平扫甲", 29, 6400)),
        priced("五倍", (("贵", "CT平扫丁"),), "CT平扫丁", 29, 10_000),
        edge(priced("正好三倍", NONE, "CT平扫乙", 29, 6000)),
        priced("可比的不到三十笔", NONE, "CT平扫丙", 1, 9000),
        key=("settle_id", "item"), rows=Param(30, "同一项目至少多少笔才比"), percent=Param(300, "超过其他平均的百分之几"),
    ),
    rule(
        "M08-7 年度标王", dearest, ("med_settle",),
        ("{id_no}在{year}年结算{times}次、总费用{amount_fen}，居第{rank}位，当年人均{mean_fen}。",
         "各地模型只列“年度标王”之名，没有公布口径：这里读作一年总费用超过人均的若干倍；大病本来就贵；号码“未知”的并成一人、录入多一个零会误报。"),
        edge(year_of("十倍多一分", (("甲", "2018"),), 2018, 19, 38_000_001)),
        year_of("十五倍", (("甲", "2016"),), 2016, 50, 140_000_000),
        edge(year_of("正好十倍", NONE, 2019, 19, 38_000_000)),
        year_of("不到三十万元", NONE, 2017, 90, 29_999_999),
        key=("id_no", "year"), times=Param(10, "人均的多少倍以上"), least_fen=Param(30_000_000, "至少多少分"),
    ),
)  # fmt: skip
