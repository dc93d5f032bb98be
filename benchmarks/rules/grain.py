"""Grain: M12."""

SQL = {
    "M12-1": "SELECT DISTINCT depot, lot_id FROM grain_move WHERE NOT weighed",
    "M12-2": """
        SELECT DISTINCT depot, lot_id, party FROM grain_move i WHERE direction = '入库' AND EXISTS (
          SELECT 1 FROM grain_move o WHERE o.direction = '出库'
          AND o.depot = i.depot AND o.lot_id = i.lot_id AND o.party = i.party)""",
    "M12-3": "SELECT payment_id FROM grain_payment WHERE payer = payee",
    "M12-4": """
        SELECT p.payment_id, b.payment_id back_id
        FROM grain_payment p JOIN grain_payment b ON b.payer = p.payee AND b.payee = p.payer
        WHERE p.payer <> p.payee AND b.paid_on BETWEEN p.paid_on AND p.paid_on + 30
        AND b.amount_fen BETWEEN 0.9 * p.amount_fen AND p.amount_fen""",
    "M12-5": """
        SELECT DISTINCT depot, truck, gross_kg, net_kg FROM (
          SELECT depot, truck, gross_kg, net_kg, g.at::DATE - lag(g.at::DATE, 2) OVER
            (PARTITION BY depot, truck, gross_kg, net_kg ORDER BY g.at) AS apart
          FROM grain_move g WHERE weighed AND truck IS NOT NULL AND gross_kg IS NOT NULL)
        WHERE apart <= 7""",
    "M12-6": """
        SELECT DISTINCT o.depot, lot_id FROM grain_move o JOIN grain_move i USING (lot_id, net_kg)
        WHERE o.direction = '出库' AND i.direction = '入库' AND abs(i.at::DATE - o.at::DATE) <= 3""",
    "M12-7": """
        SELECT depot, y FROM (
          SELECT depot, year(g.at) y, sum(CASE direction WHEN '入库' THEN net_kg WHEN '出库' THEN -net_kg END) more
          FROM grain_move g GROUP BY ALL) JOIN depot USING (depot) WHERE more > capacity_kg""",
    "M12-8": """
        SELECT lot_id FROM grain_lot
        WHERE sold_as_year > crop_year OR (tested_old AND sold_as_year >= year({on}))""",
    "M12-9": "SELECT lot_id FROM grain_lot WHERE tested_grade > grade",
    "M12-10": "SELECT lot_id FROM grain_lot WHERE book_kg - counted_kg > 0.03 * book_kg",
    "M12-11": "SELECT lot_id FROM grain_lot WHERE counted_kg > book_kg AND NOT gain_booked",
    "M12-12": "SELECT lot_id FROM grain_lot WHERE settled_fen > 1.1 * bought_fen",
}
