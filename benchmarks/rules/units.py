"""Public servants, units' spending, the state's leases, works: M13 to M17."""

from benchmarks.rules import assets

SERVING = "SELECT id_no FROM payroll WHERE kind = '在职' AND start_on <= {on} AND (end_on IS NULL OR end_on >= {on})"


def _of_state(rule: str) -> str:
    """The collective's question, asked of the state's leases."""
    asked = assets.SQL[rule].replace("owner_kind IS DISTINCT FROM '国资'", "owner_kind = '国资'")
    return asked.replace("contract_id NOT IN (", "contract_id IN (")


PEOPLE = {
    "M13-1": f"""
        SELECT legal_rep, uscc FROM company WHERE status = '存续' AND legal_rep IN ({SERVING})""",
    "M13-2": f"""
        SELECT DISTINCT id_no, uscc FROM shareholder JOIN company USING (uscc)
        WHERE status = '存续' AND (since IS NULL OR since <= {{on}}) AND id_no IN ({SERVING})""",
    "M14": """
        SELECT case_no FROM detention d WHERE {on} - decided_on > 30 AND (told_on IS NULL OR told_on > {on})
        AND EXISTS (SELECT 1 FROM cadre c WHERE c.id_no = d.id_no
                    AND (is_party OR decided_on BETWEEN start_on AND coalesce(end_on, decided_on)))""",
}
SPENDING = {
    "M15-1": """
        WITH q AS (SELECT unit, date_trunc('quarter', spent_on) q, sum(amount_fen) s,
                     coalesce(sum(amount_fen) FILTER (has_event), 0) e FROM reception WHERE spent_on <= {on} GROUP BY ALL)
        SELECT n.unit, year(n.q) || '年第' || quarter(n.q) || '季度' AS quarter
        FROM q n JOIN q b ON b.unit = n.unit AND b.q = n.q - INTERVAL 3 MONTH
        WHERE b.s > 0 AND n.s - greatest(n.e - b.e, 0) > 1.3 * b.s""",
    "M15-2": "SELECT voucher_id FROM reception WHERE invoice_blank",
    "M15-3": """
        WITH i AS (SELECT DISTINCT unit, left(invoice_no, -8) h, right(invoice_no, 8)::INT n
                   FROM reception WHERE regexp_full_match(invoice_no, '[0-9]{{8,20}}'))
        SELECT DISTINCT unit, h FROM (SELECT *, n - lag(n, 2) OVER (PARTITION BY unit, h ORDER BY n) back FROM i)
        WHERE back = 2""",
    "M16-1": _of_state("SZ-03"),
    "M16-2": _of_state("SZ-04"),
    "M16-3": _of_state("SZ-05"),
    "M16-4": _of_state("SZ-01"),
    "M16-5": _of_state("SZ-02"),
    "M16-6": _of_state("SZ-06"),
    "M16-7": _of_state("SZ-07"),
    "M16-8": _of_state("SZ-08"),
    "M16-9": _of_state("SZ-09"),
    "M16-10": _of_state("SZ-10"),
    "M16-11": """
        SELECT contract_id FROM contract WHERE owner_kind = '国资' AND status = '履行中'
        AND (decided_on IS NULL OR decided_on > signed_on)""",
    "M16-12": _of_state("SZ-12"),
    "M16-13": _of_state("SZ-16"),
    "M16-14": _of_state("SZ-17"),
}
WORKS = {
    "M17-1": "SELECT works_id FROM works WHERE contract_fen > 0 AND changed_fen > 0.1 * contract_fen",
    "M17-2": """
        SELECT works_id FROM works
        WHERE measured_mm < 0.95 * designed_mm OR measured_qty * 100 < designed_qty * 95""",
    "M17-3": """
        SELECT DISTINCT owner, contractor FROM (
          SELECT coalesce(unit, village, '') AS owner, contractor, sum(contract_fen) OVER w s, count(*) OVER w n
          FROM works WHERE contract_fen < 400000000 AND contractor IS NOT NULL
          WINDOW w AS (PARTITION BY coalesce(unit, village, ''), contractor ORDER BY started_on
                       RANGE BETWEEN INTERVAL 90 DAY PRECEDING AND CURRENT ROW))
        WHERE s >= 400000000 AND n > 1""",
    "M17-4": "SELECT works_id FROM works WHERE paid_fen > contract_fen + coalesce(changed_fen, 0)",
    "M17-5": """
        SELECT works_id FROM works WHERE (accepted_on IS NULL OR accepted_on > {on})
        AND paid_fen > 0.8 * (contract_fen + coalesce(changed_fen, 0))""",
}

SQL = PEOPLE | SPENDING | WORKS
