"""Wages on building sites: M11."""

DUE = "date_trunc('month', {on}) - INTERVAL 2 MONTH"
GOT_NONE = f"""
        WITH got AS (SELECT DISTINCT works_id, id_no, month, true AS got FROM wage WHERE paid_on <= {{on}} AND amount_fen > 0)
        SELECT works_id, month FROM attendance LEFT JOIN got USING (works_id, id_no, month)
        WHERE days > 0 AND month <= {DUE} GROUP BY ALL HAVING count(*) > count(got)"""

SQL = {
    "M11-1": f"""
        SELECT DISTINCT works_id, month FROM attendance a WHERE days > 0 AND month <= {DUE}
        AND NOT EXISTS (SELECT 1 FROM wage w WHERE w.works_id = a.works_id AND w.month = a.month
                        AND by_account AND amount_fen > 0 AND paid_on <= {{on}})""",
    "M11-2": f"""
        SELECT works_id, month FROM (
          SELECT works_id, month, sum(amount_fen) s FROM wage
          WHERE amount_fen > 0 AND paid_on <= {{on}} AND month <= {DUE} GROUP BY works_id, month, id_no)
        GROUP BY ALL HAVING avg(s) < 189000""",
    "M11-3": f"{GOT_NONE} AND (count(*) - count(got)) * 10 < count(*)",
    "M11-4": f"{GOT_NONE} AND (count(*) - count(got)) * 10 >= count(*)",
    "M11-5": """
        SELECT works_id, id_no, month FROM wage GROUP BY ALL HAVING sum(amount_fen) > 5000000""",
    "M11-6": """
        SELECT id_no, year(month) AS year FROM wage GROUP BY ALL HAVING sum(amount_fen) > 30000000""",
    "M11-7": """
        SELECT works_id, id_no FROM leaver WHERE left_on < {on} AND (settled_on IS NULL OR settled_on > {on})""",
    "M11-8": """
        SELECT works_id FROM works WHERE NOT wage_account AND works_id IN (SELECT works_id FROM attendance)""",
}
