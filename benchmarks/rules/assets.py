"""Village assets, contracts, rents and accounts: SZ-01 to SZ-18."""

LAND = "('耕地', '草地', '林地')"
RELATED = """
WITH tie AS (SELECT id_a c, id_b p FROM kin UNION ALL SELECT id_b, id_a FROM kin),
     near AS (SELECT village, id_no p, start_on s, end_on e FROM cadre
              UNION ALL SELECT village, tie.p, start_on, end_on FROM cadre JOIN tie ON tie.c = cadre.id_no),
     owner AS (SELECT uscc, legal_rep p FROM company WHERE legal_rep IS NOT NULL
               UNION ALL SELECT uscc, id_no FROM shareholder)
"""

SQL = {
    "SZ-01": """
        SELECT contract_id FROM contract c
        WHERE owner_kind IS DISTINCT FROM '国资' AND end_on < {on} AND renewed_by IS NULL
          AND given_back IS NOT TRUE AND (status = '履行中' OR (status = '已到期' AND NOT EXISTS (
            SELECT 1 FROM contract n WHERE n.asset_id = c.asset_id AND n.start_on >= c.end_on)))""",
    "SZ-02": """
        WITH d AS (SELECT contract_id c, due_on, due_id, amount_fen - coalesce(reduced_fen, 0) f FROM due
                   WHERE due_on <= {on} AND contract_id NOT IN (SELECT contract_id FROM contract WHERE owner_kind = '国资')),
             p AS (SELECT contract_id c, sum(amount_fen) f FROM receipt WHERE paid_on <= {on} AND banked_on <= {on} GROUP BY 1),
             s AS (SELECT d.c, coalesce(any_value(p.f), 0) paid FROM d LEFT JOIN p USING (c) GROUP BY 1 HAVING sum(d.f) > paid),
             o AS (SELECT d.c, due_on, sum(f) OVER (PARTITION BY d.c ORDER BY due_on, due_id) so_far, paid FROM d JOIN s USING (c))
        SELECT c FROM o WHERE so_far > paid GROUP BY 1 HAVING {on} - min(due_on) >= 30""",
    "SZ-03": f"""
        SELECT contract_id FROM contract WHERE owner_kind IS DISTINCT FROM '国资' AND status = '履行中' AND (
          end_on >= start_on + to_years(CASE kind WHEN '耕地' THEN 30 WHEN '草地' THEN 50 WHEN '林地' THEN 70 ELSE 20 END)
          OR (kind NOT IN {LAND} AND lessee_kind = '个人' AND end_on >= start_on + INTERVAL 5 YEAR))""",
    "SZ-04": "SELECT contract_id FROM contract WHERE owner_kind IS DISTINCT FROM '国资' AND mode = '协议' AND status = '履行中'",
    "SZ-05": """
        WITH c AS (SELECT *, rent_fen / area_mu u, year(start_on) y FROM contract
                   WHERE owner_kind IS DISTINCT FROM '国资' AND status = '履行中' AND area_mu > 0 AND rent_fen IS NOT NULL),
             m AS (SELECT town, kind, y, median(u) m FROM c WHERE kind <> '其他' GROUP BY ALL HAVING count(*) >= 5)
        SELECT contract_id FROM c LEFT JOIN m USING (town, kind, y) WHERE u < 0.7 * m OR rent_fen < appraised_fen""",
    "SZ-06": """
        SELECT contract_id FROM contract WHERE owner_kind IS DISTINCT FROM '国资' AND is_lump_sum AND status = '履行中' AND amortised IS NOT TRUE
        AND end_on + 1 >= start_on + INTERVAL 3 YEAR""",
    "SZ-07": """
        SELECT contract_id FROM contract WHERE owner_kind IS DISTINCT FROM '国资' AND status = '履行中'
        AND regexp_matches(terms, '折价补偿|归还投资|按比例分成|全额补偿')""",
    "SZ-08": """
        SELECT asset_id FROM asset a WHERE owner_kind IS DISTINCT FROM '国资' AND status = '出租'
        AND NOT EXISTS (SELECT 1 FROM contract c WHERE c.asset_id = a.asset_id AND c.status = '履行中')""",
    "SZ-09": """
        SELECT asset_id, contract_id FROM asset a JOIN contract c USING (asset_id)
        WHERE a.owner_kind IS DISTINCT FROM '国资' AND a.status = '出租' AND c.status = '履行中' AND CASE
          WHEN user_id IS NOT NULL AND lessee_id IS NOT NULL THEN user_id <> lessee_id
          ELSE user_name <> lessee END""",
    "SZ-10": """
        SELECT asset_id FROM asset a WHERE owner_kind IS DISTINCT FROM '国资' AND status = '他人占用'
        AND NOT EXISTS (SELECT 1 FROM contract c WHERE c.asset_id = a.asset_id AND c.status = '履行中')""",
    "SZ-11": """
        SELECT contract_id FROM contract WHERE owner_kind IS DISTINCT FROM '国资' AND status = '履行中' AND (
          decided_on IS NULL OR decided_on > signed_on OR (is_member = false AND (
            coalesce(agreed, 0) * 3 < coalesce(members, 1) * 2 OR (town_approved_on IS NULL AND town_approved IS NOT TRUE) OR town_approved_on > signed_on)))""",
    "SZ-12": RELATED
    + """
        SELECT DISTINCT contract_id FROM (
          SELECT contract_id, village, signed_on o, lessee_id p FROM contract WHERE owner_kind IS DISTINCT FROM '国资' AND lessee_id IS NOT NULL
          UNION ALL SELECT contract_id, village, signed_on, owner.p FROM contract JOIN owner ON uscc = lessee_uscc
          WHERE owner_kind IS DISTINCT FROM '国资') c
        JOIN near USING (village, p) WHERE s <= o AND (e IS NULL OR e >= o)""",
    "SZ-12-2": RELATED
    + """
        SELECT DISTINCT works_id FROM (
          SELECT works_id, village, started_on o, owner.p FROM works JOIN owner ON uscc = contractor
          UNION ALL SELECT works_id, village, started_on, contractor_id FROM works WHERE contractor_id IS NOT NULL) w
        JOIN near USING (village, p) WHERE s <= o AND (e IS NULL OR e >= o)""",
    "SZ-13": """
        SELECT DISTINCT village, payee, project FROM (
          SELECT village, payee, project, sum(amount_fen) OVER w s, count(*) OVER w n
          FROM outlay WHERE amount_fen < 40000000 AND project IS NOT NULL
          WINDOW w AS (PARTITION BY village, payee, project ORDER BY paid_on RANGE BETWEEN INTERVAL 90 DAY PRECEDING AND CURRENT ROW))
        WHERE s >= 40000000 AND n > 1""",
    "SZ-14-1": "SELECT outlay_id FROM outlay WHERE is_cash AND amount_fen > 100000",
    "SZ-14-2": "SELECT outlay_id FROM outlay WHERE NOT has_invoice AND amount_fen > 50000",
    "SZ-14-3": """
        SELECT coalesce(invoice_code, ''), invoice_no FROM outlay WHERE has_invoice AND invoice_no <> '无号'
        GROUP BY 1, 2 HAVING count(*) > 1""",
    "SZ-14-4": """
        WITH n AS (SELECT DISTINCT village, payee, try_cast(invoice_no AS BIGINT) n FROM outlay WHERE has_invoice)
        SELECT DISTINCT village, payee FROM (
          SELECT *, n - lag(n, 2) OVER (PARTITION BY village, payee ORDER BY n) back FROM n WHERE n IS NOT NULL) WHERE back = 2""",
    "SZ-14-5": """
        SELECT outlay_id FROM outlay JOIN (VALUES
          (DATE '2023-01-22'), (DATE '2024-02-10'), (DATE '2022-02-01'), (DATE '2022-09-10'), (DATE '2023-09-29'),
          (DATE '2024-09-17'), (DATE '2025-01-29')) f(d) ON paid_on BETWEEN d - 15 AND d
        WHERE payee_kind IN ('餐饮', '烟酒')""",
    "SZ-15-1": "SELECT receipt_id FROM receipt WHERE holder_kind = '个人'",
    "SZ-15-2": "SELECT receipt_id FROM receipt WHERE spent_fen > 0",
    "SZ-15-3": "SELECT receipt_id FROM receipt WHERE coalesce(banked_on, {on}) - paid_on > 7",
    "SZ-15-4": """
        SELECT account, f."on" FROM fund f WHERE holder_kind = '个人' AND f."on" = (
          SELECT max(n."on") FROM fund n WHERE n.account = f.account AND n."on" <= {on})""",
    "SZ-15-5": """
        SELECT account, f."on" FROM fund f WHERE book_fen <> bank_fen AND trim(coalesce(why, '')) = '' AND f."on" = (
          SELECT max(n."on") FROM fund n WHERE n.account = f.account AND n."on" <= {on})""",
    "SZ-16": "SELECT asset_id FROM asset WHERE owner_kind IS DISTINCT FROM '国资' AND status = '闲置' AND {on} - since >= 180",
    "SZ-17": "SELECT due_id FROM due WHERE contract_id NOT IN (SELECT contract_id FROM contract WHERE owner_kind = '国资') AND reduced_fen > 0 AND ((resolution_on IS NULL AND resolved IS NOT TRUE) OR resolution_on > {on})",
    "SZ-18": """
        SELECT village FROM village v WHERE (since IS NULL OR since <= DATE '2024-09-30') AND NOT EXISTS (
          SELECT 1 FROM publication p WHERE p.village = v.village AND period_on = DATE '2024-09-30'
          AND posted_on <= {on} AND is_detailed)""",
}
