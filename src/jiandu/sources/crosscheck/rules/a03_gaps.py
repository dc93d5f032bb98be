"""A03 票据凭证断号: a number is missing in a book of vouchers or receipts."""

from collections.abc import Callable

from jiandu.base.engine.columns import previous, where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import NONE, Hits, audit
from jiandu.sources.crosscheck.rule import RED, YELLOW, Case, Given, Param, Row, Rule, edge
from jiandu.sources.crosscheck.tables import UNNAMED_BOOK


def gaps(table: str, by: str, level: str) -> Callable[[Given], Expr]:
    """Books whose numbers are fewer than from the lowest to the highest; then where they jump."""

    def hits(g: Given) -> Expr:
        source = getattr(g, table)
        rows = source.filter(source.book.notnull(), source.number.notnull()).select(by, "book", "number")
        ends = rows.group_by([by, "book"]).agg(n=rows.count(), low=rows.number.min(), high=rows.number.max())
        # a number that is there twice can hide one that is missing: such books are looked at as well
        again = rows.group_by([by, "book", "number"]).agg(n=rows.count())
        doubled = again.filter(again.n > 1).select(by, "book").distinct()
        open_ = ends.filter(ends.n != ends.high - ends.low + 1).select(by, "book")
        import ibis  # noqa: PLC0415 -- slow import

        rows = rows.semi_join(ibis.union(open_, doubled, distinct=True), [by, "book"]).distinct()
        step = rows.number - rows.number.lag().over(previous([by, "book"], ["number"]))
        rows = rows.mutate(missing=step - 1)
        found = rows.filter(rows.missing.between(1, g.p.most))
        return found.mutate(
            last_seen=found.number - found.missing - 1,
            level=where(found.book == UNNAMED_BOOK, YELLOW, level),  # of one book or of several
            place=found[by],
        )

    return hits


def rule(number: int, name: str, table: str, by: str, what: str, level: str) -> Rule:
    """The same test over one table."""

    def case(words: str, hits: Hits, *numbers: int) -> Case:
        rows: tuple[Row, ...] = tuple(
            {by: "处", "book": "册", "number": each, "amount_fen": 123_457 + 1_010 * n}
            for n, each in enumerate(numbers)
        )
        return Case(words, {table: rows}, hits)

    def book(name: str) -> tuple[Row, ...]:
        return tuple({by: "处", "book": name, "number": n, "amount_fen": 100_000 * n + ord(name)} for n in (1, 2))

    return Rule(
        f"A03-{number}",
        name,
        level=level,
        tables=(table,),
        key=(by, "book", "number"),
        version=2,
        hits=gaps(table, by, level),
        params={"most": Param(50, "一次缺多少号以内（更多的是换册）")},
        basis=(audit("票据凭证连续编号检验"),),
        sentence=f"{{{by}}}《{{book}}》的{what}在第{{last_seen}}号之后缺{{missing}}个号，下一号是{{number}}。",
        blind="作废未录、分册保管会误报；同一册有的用于台账没有登记的收支时也会误报；看不见册头册尾缺的号；不知属哪一册的只列黄色。",
        behind={table: {by: by, "book": "book"}},
        cases=(
            case("缺一号", (("处", "册", "7"),), 4, 5, 7, 8),
            case("缺两处", (("处", "册", "4"), ("处", "册", "9")), 1, 2, 4, 5, 9),
            case("重号掩盖缺号", (("处", "册", "5"),), 2, 3, 3, 5),
            edge(case("正好缺五十号", (("处", "册", "52"),), 1, 52)),
            edge(case("缺五十一号，是换册", NONE, 1, 53)),
            case("连续", NONE, 3, 4, 5, 6),
            case("只有重号", NONE, 3, 4, 4, 5),
            Case("两册各自连续", {table: (*book("一"), *book("二"))}),
            Case("没有编号", {table: ({by: "处"}, {by: "另一处"})}),
        ),
    )


RULES = (
    rule(1, "村级支出凭证断号", "outlay", "village", "凭证", YELLOW),
    rule(2, "单位接待凭证断号", "reception", "unit", "凭证", YELLOW),
    rule(3, "村级收款收据断号", "receipt", "village", "收据", RED),
)
