"""Tests that auditors run over amounts and numbers: A01 to A05."""


def _digits(table: str, by: str) -> str:
    """Benford's law over the first two digits: mean absolute deviation, and what chance would leave of it."""
    return f"""
        WITH law AS (SELECT d, log10(1 + 1 / d) p FROM range(10, 100) r(d)),
             chance AS (SELECT sum(sqrt(2 * p * (1 - p) / pi())) / 90 c FROM law),
             a AS (SELECT {by} who, left(amount_fen::VARCHAR, 2)::INT d, count(*) times, min(amount_fen) low, max(amount_fen) high
                   FROM {table} WHERE amount_fen >= 1000 GROUP BY ALL),
             n AS (SELECT who, sum(times) n FROM a GROUP BY 1 HAVING n >= 300 AND max(high) >= 1000 * min(low)),
             m AS (SELECT who, n, (sum(abs(times / n - p)) + 1 - sum(p)) / 90 mad
                   FROM a JOIN n USING (who) JOIN law USING (d) GROUP BY ALL)
        SELECT who FROM m, chance WHERE mad > 0.0018 AND mad > 1.4 * c / sqrt(n)"""


def _twice(table: str, key: str, columns: str, on: str, days: int) -> str:
    """The same sum again within days."""
    return f"""
        SELECT {key} FROM (
          SELECT {key}, {on} - lag({on}) OVER (PARTITION BY {columns}, amount_fen ORDER BY {on}, {key}) AS apart
          FROM {table} WHERE amount_fen >= 100000)
        WHERE apart <= {days}"""


def _gaps(table: str, by: str) -> str:
    """A number is missing in the book."""
    return f"""
        SELECT {by}, book, number FROM (
          SELECT {by}, book, number, number - lag(number) OVER (PARTITION BY {by}, book ORDER BY number) step
          FROM {table} WHERE book IS NOT NULL AND number IS NOT NULL)
        WHERE step BETWEEN 2 AND 51"""


def _round(table: str, by: str) -> str:
    """More than three in ten are whole thousands."""
    return f"""
        SELECT {by} FROM {table} WHERE amount_fen >= 100000 GROUP BY 1
        HAVING count(*) >= 50 AND count(*) FILTER (amount_fen % 100000 = 0) * 10 > count(*) * 3"""


def _below(table: str, by: str, limit: int) -> str:
    """Many just below the limit, few just above."""
    low, high = limit * 95 // 100, limit * 105 // 100
    return f"""
        SELECT {by} FROM (SELECT {by}, count(*) FILTER (amount_fen < {limit}) below, count(*) n FROM {table}
                          WHERE amount_fen >= {low} AND amount_fen < {high} GROUP BY 1)
        WHERE below >= 6 AND below >= 3 * (n - below + 1)"""


SQL = {
    "A01-1": _digits("outlay", "village"),
    "A01-2": _digits("reception", "unit"),
    "A02-1": _twice("outlay", "outlay_id", "village, payee", "paid_on", 10),
    "A02-2": _twice("reception", "voucher_id", "unit, kind", "spent_on", 3),
    "A03-1": _gaps("outlay", "village"),
    "A03-2": _gaps("reception", "unit"),
    "A03-3": _gaps("receipt", "village"),
    "A04-1": _round("outlay", "village"),
    "A04-2": _round("reception", "unit"),
    "A05-1": _below("outlay", "village", 5_000_000),
    "A05-2": _below("reception", "unit", 200_000),
}
