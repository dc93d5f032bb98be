"""Subsidies and assistance: M01 to M06."""

HOLDS = "start_on <= {on} AND coalesce(end_on, {on}) >= {on}"
TIE = "tie AS (SELECT id_a a, id_b b, relation FROM kin UNION ALL SELECT id_b, id_a, relation FROM kin)"
NEEDY = f"""
        needy AS (SELECT id_no, kind, start_on, household_id FROM assistance
                  WHERE kind IN ('低保', '特困', '低边') AND {HOLDS})"""
PAID = f"SELECT id_no FROM payroll WHERE {HOLDS}"
FIRMS = """
        SELECT legal_rep FROM company WHERE status = '存续' AND legal_rep IS NOT NULL
        UNION ALL SELECT id_no FROM shareholder JOIN company USING (uscc) WHERE status = '存续'"""
HOMES = "SELECT id_no FROM realty GROUP BY 1 HAVING count(*) >= 2 OR sum(value_fen) > 200000000"
CARS = "SELECT id_no FROM vehicle WHERE value_fen > 10000000"
OFFICES = f"SELECT id_no FROM cadre WHERE {HOLDS}"
HELP = f"""
        WITH help AS (SELECT id_no, household_id h FROM assistance
                      WHERE kind IN ('低保', '特困', '低边', '临时救助') AND {HOLDS}),
             spared AS (SELECT id_no FROM help UNION ALL {PAID}),
             home AS (SELECT h FROM help WHERE h IS NOT NULL
                      UNION ALL SELECT household_id FROM person SEMI JOIN help USING (id_no)
                      WHERE household_id IS NOT NULL)"""
UNREACHED = """
        LEFT JOIN person p USING (id_no) WHERE died_on IS NULL
        AND NOT EXISTS (SELECT 1 FROM spared s WHERE s.id_no = f.id_no)
        AND NOT EXISTS (SELECT 1 FROM home WHERE h = p.household_id)"""
STRANGER = """
        AND NOT EXISTS (SELECT 1 FROM tie WHERE a = taker AND b = t.id_no)
        AND NOT EXISTS (SELECT 1 FROM person x JOIN person y USING (household_id)
                        WHERE x.id_no = taker AND y.id_no = t.id_no)"""


def _needy(who: str) -> str:
    return f"WITH {NEEDY} SELECT id_no, kind, start_on FROM needy WHERE id_no IN ({who})"


SQL = {
    "M01": """
        SELECT DISTINCT id_no, kind FROM subsidy JOIN person USING (id_no)
        WHERE month >= date_trunc('month', died_on) + INTERVAL 2 MONTH""",
    "M02-1": _needy(PAID),
    "M02-2": _needy(FIRMS),
    "M02-3": _needy(HOMES),
    "M02-4": _needy(CARS),
    "M02-5": _needy(OFFICES),
    "M02-6": _needy("SELECT buyer_id FROM machine WHERE subsidy_fen > 2000000"),
    "M02-7": _needy("SELECT id_no FROM person WHERE {on} - died_on > 31"),
    "M02-8": f"""
        WITH {NEEDY},
             sign(id_no, sign) AS (
               SELECT id_no, '在财政供养' FROM ({PAID}) UNION SELECT legal_rep, '是企业法人或股东' FROM ({FIRMS})
               UNION SELECT id_no, '有多套或高价值不动产' FROM ({HOMES}) UNION SELECT id_no, '有高价值车辆' FROM ({CARS})
               UNION SELECT id_no, '任村干部' FROM ({OFFICES})),
             at_home AS (SELECT n.id_no, kind, start_on, coalesce(n.household_id, p.household_id) h
                         FROM needy n LEFT JOIN person p USING (id_no))
        SELECT n.id_no, kind, start_on, m.id_no member_id, sign
        FROM at_home n JOIN person m ON m.household_id = h AND m.id_no <> n.id_no JOIN sign ON sign.id_no = m.id_no""",
    "M03": f"""
        WITH {TIE},
             got AS (SELECT id_no, kind, village, approver_id FROM assistance WHERE start_on <= {{on}}
                     UNION ALL SELECT id_no, kind, village, approver_id FROM subsidy
                     WHERE kind NOT IN ('耕地地力保护补贴', '城乡居民养老金', '高龄津贴')),
             office AS (SELECT DISTINCT id_no, village FROM cadre WHERE {HOLDS})
        SELECT DISTINCT g.id_no, kind, b official_id FROM got g JOIN tie ON a = g.id_no
        LEFT JOIN office o ON o.id_no = b AND o.village = g.village
        WHERE approver_id = b OR (o.id_no IS NOT NULL AND relation IN ('配偶', '父母', '子女', '兄弟姐妹'))""",
    "M04-1": f"""
        WITH {TIE}, t AS (SELECT DISTINCT agent_id taker, id_no FROM subsidy WHERE agent_id <> id_no)
        SELECT taker FROM t WHERE taker IN (SELECT taker FROM t GROUP BY 1 HAVING count(*) >= 3) {STRANGER}
        GROUP BY 1 HAVING count(*) >= 3""",
    "M04-2": f"""
        WITH {TIE}, t AS (SELECT DISTINCT account, holder_id taker, id_no FROM subsidy
                          WHERE account IS NOT NULL AND holder_id IS DISTINCT FROM id_no)
        SELECT account FROM t WHERE account IN (SELECT account FROM t GROUP BY 1 HAVING count(*) >= 3) {STRANGER}
        GROUP BY 1 HAVING count(DISTINCT id_no) >= 3""",
    "M04-3": """
        SELECT c.id_no cadre_id, s.id_no FROM subsidy s JOIN cadre c USING (account) WHERE c.id_no <> s.id_no
        UNION SELECT holder_id, id_no FROM subsidy WHERE holder_id <> id_no AND holder_id IN (SELECT id_no FROM cadre)""",
    "M05-1": """
        WITH l AS (SELECT id_no, kind, start_on, coalesce(end_on, {on}) end_on FROM assistance WHERE start_on <= {on}
                   AND kind IN ('特困', '低保', '低边', '孤儿'))
        SELECT DISTINCT a.id_no, a.kind, b.kind kind_b FROM l a JOIN l b ON a.id_no = b.id_no AND a.kind < b.kind
        WHERE (a.kind = '特困' OR b.kind = '特困' OR '孤儿' NOT IN (a.kind, b.kind))
        AND datediff('month', greatest(a.start_on, b.start_on), least(a.end_on, b.end_on)) >= 1""",
    "M05-2": """
        SELECT DISTINCT id_no, month, least(a.kind, b.kind) kind, greatest(a.kind, b.kind) kind_b
        FROM subsidy a JOIN subsidy b USING (id_no, month)
        WHERE a.kind = '特困供养金' AND b.kind IN ('低保金', '孤儿基本生活费')""",
    "M05-3": """
        SELECT id_no, kind, month FROM subsidy WHERE kind NOT IN ('临时救助金', '耕地流转补贴')
        GROUP BY ALL HAVING count(*) > 1""",
    "M06-1": f"{HELP} SELECT id_no FROM (SELECT id_no FROM disabled WHERE level <= 2) f {UNREACHED}",
    "M06-2": f"""{HELP}
        SELECT id_no FROM (SELECT DISTINCT id_no FROM med_settle WHERE self_pay_fen > 5000000
                           AND discharged_on BETWEEN {{on}} - 365 AND {{on}}) f {UNREACHED}""",
    "M06-3": f"""{HELP},
             paid AS (SELECT household_id, sum(self_pay_fen) fen FROM med_settle JOIN person USING (id_no)
                      WHERE discharged_on BETWEEN {{on}} - 365 AND {{on}} GROUP BY 1)
        SELECT household_id FROM paid f JOIN household USING (household_id) WHERE fen > 0.4 * income_fen
        AND NOT EXISTS (SELECT 1 FROM home WHERE h = f.household_id)
        AND NOT EXISTS (SELECT 1 FROM person p SEMI JOIN ({PAID}) USING (id_no) WHERE p.household_id = f.household_id)""",
    "M06-4": f"""{HELP}
        SELECT id_no FROM (SELECT id_no FROM insured WHERE datediff('month', last_month, {{on}}) >= 3) f {UNREACHED}""",
}
