"""SQL that turns a cell of text into a value of its column's kind, or NULL where it is none. DuckDB's dialect."""

from jiandu.base.core.ids import CENTENARIANS, IDENTITY_WEIGHTS
from jiandu.sources.crosscheck.tables import Column, Kind

FULL_WIDTH = "０１２３４５６７８９ＸｘＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＴＵＷＹ"
HALF_WIDTH = "0123456789XxABCDEFGHJKLMNPQRTUWY"
DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M")
MONTHS = ("%Y-%m", "%Y/%m", "%Y.%m", "%Y%m", "%Y年%m月")
TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")
YES, NO = ("是", "true", "1", "√", "y", "yes", "t", "有"), ("否", "false", "0", "×", "n", "no", "f", "无")


def cast(column: Column, head: str) -> str:
    """The expression for one column out of its head in the source; a column that is not there is NULL of its type."""
    if not head:
        return f"CAST(NULL AS {SQL_TYPES.get(column.kind, 'VARCHAR')})"
    cell = "nullif(trim(\"{}\"), '')".format(head.replace('"', '""'))
    if column.kind == Kind.MONEY:
        return _money(cell, column, head)
    return {
        Kind.INT: f"TRY_CAST(replace({cell}, ',', '') AS BIGINT)",
        Kind.FLOAT: _finite(f"TRY_CAST(replace({cell}, ',', '') AS DOUBLE)"),
        Kind.DATE: f"CAST({_strptime(cell, DATES)} AS DATE)",
        Kind.MONTH: f"CAST(date_trunc('month', coalesce({_strptime(cell, MONTHS)}, {_strptime(cell, DATES)})) AS DATE)",
        Kind.TIME: _strptime(f"regexp_replace({cell}, '\\.0+$', '')", TIMES),
        Kind.FLAG: f"CASE WHEN lower({cell}) IN {YES} THEN true WHEN lower({cell}) IN {NO} THEN false END",
        Kind.PERSON: identity(cell),
        Kind.COMPANY: f"upper({_half(cell)})",
    }.get(column.kind, cell)


SQL_TYPES = {
    Kind.INT: "BIGINT",
    Kind.FLOAT: "DOUBLE",
    Kind.MONEY: "BIGINT",
    Kind.DATE: "DATE",
    Kind.MONTH: "DATE",
    Kind.TIME: "TIMESTAMP",
    Kind.FLAG: "BOOLEAN",
}


def identity(cell: str) -> str:
    """An identity number in 18 places: full-width digits and spaces mended, 15 places made 18 (GB 11643-1999)."""
    plain = f"upper(replace({_half(cell)}, ' ', ''))"
    century = f"CASE WHEN substr({plain}, 13, 3) >= '{CENTENARIANS}' THEN '18' ELSE '19' END"
    body = f"(left({plain}, 6) || {century} || substr({plain}, 7, 9))"
    total = " + ".join(f"TRY_CAST(substr({body}, {n}, 1) AS INT) * {w}" for n, w in enumerate(IDENTITY_WEIGHTS, 1))
    return (
        f"CASE WHEN regexp_full_match({plain}, '[0-9]{{15}}') "
        f"THEN {body} || substr('10X98765432', ({total}) % 11 + 1, 1) ELSE {plain} END"
    )


def _half(cell: str) -> str:
    return f"translate({cell}, '{FULL_WIDTH}', '{HALF_WIDTH}')"


def _strptime(cell: str, formats: tuple[str, ...]) -> str:
    """A day begins with a digit: DuckDB takes the words infinity and epoch for days, too."""
    read = f"try_strptime({cell}, [{', '.join(repr(each) for each in formats)}])"
    return f"CASE WHEN left({cell}, 1) BETWEEN '0' AND '9' THEN {read} END"


def _finite(number: str) -> str:
    """Neither inf nor nan, which DuckDB reads as numbers."""
    return f"CASE WHEN isfinite({number}) THEN {number} END"


def _money(cell: str, column: Column, head: str) -> str:
    """分 where the head is the column's own name or says so; 万元 where the head says so; else 元."""
    amount = f"TRY_CAST(regexp_replace({cell}, '[,，¥￥元 ]', '', 'g') AS DECIMAL(24, 6))"
    unit = 1 if head == column.name or "分" in head else 1_000_000 if "万" in head else 100
    return f"CAST(round({amount} * {unit}) AS BIGINT)"
