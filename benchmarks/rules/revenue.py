"""Public revenue of residential estates: M18."""


def _nothing_of(has: str, item: str) -> str:
    """The estate has the thing, and nothing came in for it within a year."""
    return f"""
        SELECT estate FROM estate e WHERE {has} AND NOT EXISTS (
          SELECT 1 FROM estate_line l WHERE l.estate = e.estate AND side = '收入' AND item = '{item}'
          AND amount_fen > 0 AND period_on > {{on}} - 365)"""


SQL = {
    "M18-1": """
        WITH q AS (SELECT (date_trunc('quarter', {on}) - to_months((3 * i)::INT))::DATE - 1 AS period_on FROM range(6) r(i)
                   WHERE {on} - period_on > 30 ORDER BY i LIMIT 4)
        SELECT estate, period_on FROM estate e, q WHERE (since IS NULL OR since <= period_on) AND NOT EXISTS (
          SELECT 1 FROM estate_posting p WHERE p.estate = e.estate AND p.period_on = q.period_on AND posted_on <= {on})""",
    "M18-2": "SELECT posting_id FROM estate_posting WHERE until - posted_on < 30",
    "M18-3": "SELECT posting_id FROM estate_posting WHERE NOT is_detailed",
    "M18-4": "SELECT estate FROM estate WHERE account_kind <> '专户'",
    "M18-5": "SELECT line_id FROM estate_line WHERE side = '收入' AND NOT has_party AND amount_fen > 0",
    "M18-6": """
        SELECT line_id FROM estate_line l JOIN estate e USING (estate)
        LEFT JOIN company a ON a.uscc = l.party LEFT JOIN company b ON b.uscc = e.body
        WHERE side = '收入' AND (party = body OR a.legal_rep = b.legal_rep)""",
    "M18-7": _nothing_of("has_lift_ads", "电梯广告"),
    "M18-8": _nothing_of("has_base_station", "通信基站"),
    "M18-9": """
        SELECT s.estate, s.period_on FROM estate_statement s JOIN estate_statement b ON b.estate = s.estate
        AND date_trunc('month', s.period_on) = date_trunc('month', b.period_on) + INTERVAL 1 YEAR
        WHERE s.income_fen < 0.7 * b.income_fen""",
    "M18-10": """
        SELECT estate, period_on FROM estate_line WHERE side = '收入' GROUP BY ALL
        HAVING sum(amount_fen) FILTER (item = '其他') > 0.2 * sum(amount_fen)""",
    "M18-11": "SELECT line_id FROM estate_line WHERE side = '支出' AND NOT resolved AND amount_fen > 0",
    "M18-12": """
        SELECT estate, period_on FROM (
          SELECT estate, period_on, sum(amount_fen) cost FROM estate_line
          WHERE side = '支出' AND item = '经营成本' GROUP BY ALL)
        JOIN estate_statement USING (estate, period_on) JOIN estate USING (estate)
        WHERE cost * 100 > income_fen * cost_cap""",
    "M18-13": "SELECT estate, period_on FROM estate_statement WHERE closing_fen <> bank_fen",
    "M18-14": """
        SELECT estate, period_on FROM estate_statement WHERE opening_fen + income_fen - expense_fen <> closing_fen""",
    "M18-15": """
        SELECT line_id FROM estate_line WHERE is_cash AND amount_fen >= 100000 AND amount_fen % 100000 = 0""",
    "M18-16": """
        WITH u AS (SELECT estate, period_on, e.town, floor(income_fen / households) u
                   FROM estate_statement JOIN estate e USING (estate) WHERE households > 0 AND e.town IS NOT NULL),
             r AS (SELECT *, rank() OVER (PARTITION BY town, period_on ORDER BY u) - 1 lower FROM u),
             m AS (SELECT town, period_on, median(u) m, count(*) n FROM u GROUP BY ALL HAVING n >= 10)
        SELECT estate, period_on FROM r JOIN m USING (town, period_on) WHERE u < 0.5 * m AND lower < 0.1 * n""",
}
