"""Tenders and bids: M10."""


def _on_paper(table: str, column: str) -> str:
    """Several bidders of a tender behind one value of a table beside the bids."""
    return f"""
        SELECT f.tender_id, {column} FROM {table} f JOIN bid USING (bid_id) WHERE {column} IS NOT NULL
        GROUP BY ALL HAVING min(uscc) <> max(uscc)"""


def _in_bid(column: str) -> str:
    """Several bidders of a tender with one value."""
    return f"""
        SELECT tender_id, {column} FROM bid WHERE {column} IS NOT NULL GROUP BY ALL HAVING min(uscc) <> max(uscc)"""


SQL = {
    "M10-1": _on_paper("bid_file", "mac"),
    "M10-2": _on_paper("bid_file", "ip"),
    "M10-3": _on_paper("bid_file", "doc_code"),
    "M10-4": _in_bid("phone"),
    "M10-5": _in_bid("author"),
    "M10-6": _on_paper("bid_deposit", "account"),
    "M10-7": """
        SELECT tender_id FROM (
          SELECT tender_id, price_fen - lag(price_fen) OVER (PARTITION BY tender_id ORDER BY price_fen) gap FROM bid)
        GROUP BY 1 HAVING count(*) >= 3 AND min(gap) > 0 AND max(gap) - min(gap) <= 100""",
    "M10-8": _in_bid("manager_id"),
    "M10-9": """
        WITH t AS (SELECT tender_id, buyer FROM tender WHERE opened_on > {on} - 730 AND opened_on <= {on}),
             a AS (SELECT buyer, count(*) n FROM t GROUP BY 1)
        SELECT buyer, uscc FROM bid JOIN t USING (tender_id) JOIN a USING (buyer) WHERE won
        GROUP BY buyer, uscc, n HAVING count(*) >= 3 AND count(*) * 2 >= n""",
    "M10-10": """
        SELECT bid_id FROM bid JOIN company USING (uscc) JOIN tender USING (tender_id)
        WHERE won AND staff <= 2 AND tax_fen <= 100000 AND opened_on - founded_on < 365""",
    "M10-11": """
        SELECT file_id FROM bid_file f JOIN bid b USING (bid_id) WHERE names_uscc <> uscc
        AND EXISTS (SELECT 1 FROM bid o WHERE o.tender_id = f.tender_id AND o.uscc = names_uscc)""",
}
