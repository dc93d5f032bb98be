"""Official cars, medical insurance, farm machines: M07 to M09."""

UNTRIPPED = """
        AND NOT EXISTS (SELECT 1 FROM trip t WHERE t.plate = f.plate
                        AND f.at BETWEEN t.start_at - INTERVAL 2 HOUR AND t.end_at + INTERVAL 2 HOUR)"""
STAYS = "FROM med_settle WHERE kind = '住院' AND discharged_on IS NOT NULL"

CARS = {
    "M07-1": "SELECT fill_id FROM fuel JOIN official_car USING (plate) WHERE litre > tank_l",
    "M07-2": """
        SELECT fill_id FROM (
          SELECT fill_id, litre, tank_l, f.at - lag(f.at) OVER w since, lag(litre) OVER w earlier
          FROM fuel f JOIN official_car USING (plate) WINDOW w AS (PARTITION BY plate ORDER BY f.at, fill_id))
        WHERE since < INTERVAL 4 HOUR AND litre + earlier > tank_l AND greatest(litre, earlier) <= tank_l""",
    "M07-3": "SELECT fill_id FROM fuel f JOIN official_car c USING (card) WHERE f.plate <> c.plate",
    "M07-4": f"SELECT fill_id FROM fuel f SEMI JOIN official_car USING (plate) WHERE is_holiday {UNTRIPPED}",
    "M07-5": f"SELECT fill_id FROM fuel f JOIN official_car c USING (plate) WHERE f.place <> c.home {UNTRIPPED}",
    "M07-6": "SELECT fill_id FROM fuel f JOIN official_car c USING (plate) WHERE f.kind <> c.fuel_kind",
    "M07-7": """
        SELECT fill_id FROM fuel f SEMI JOIN official_car USING (plate)
        JOIN gps g ON g.plate = f.plate AND g.at BETWEEN f.at - INTERVAL 30 MINUTE AND f.at + INTERVAL 30 MINUTE
        WHERE f.lat IS NOT NULL AND f.lon IS NOT NULL
        GROUP BY 1 HAVING min(sqrt((f.lat - g.lat) ** 2 + ((f.lon - g.lon) * cos(radians((f.lat + g.lat) / 2))) ** 2))
          * 111.32 > 5""",
}

CARE = {
    "M08-1": "SELECT settle_id FROM med_settle JOIN person USING (id_no) WHERE admitted_on > died_on",
    "M08-2": f"""
        WITH s AS (SELECT settle_id, id_no, hospital, admitted_on a, discharged_on d {STAYS})
        SELECT x.settle_id, y.settle_id settle_b FROM s x JOIN s y ON x.id_no = y.id_no AND x.settle_id < y.settle_id
        WHERE x.hospital <> y.hospital AND least(x.d, y.d) > greatest(x.a, y.a)""",
    "M08-3": f"""
        SELECT id_no, year(admitted_on) AS year FROM (
          SELECT id_no, admitted_on,
            admitted_on - lag(discharged_on) OVER (PARTITION BY id_no ORDER BY admitted_on, settle_id) gap {STAYS})
        WHERE gap IN (1, 2) GROUP BY ALL HAVING count(*) >= 2""",
    "M08-4": f"""
        SELECT settle_id FROM (
          SELECT settle_id,
            admitted_on - lag(discharged_on) OVER (PARTITION BY id_no, disease ORDER BY admitted_on, settle_id) gap
          {STAYS} AND disease NOT IN ('Z51', 'Z49', 'O80'))
        WHERE gap BETWEEN 0 AND 14""",
    "M08-5": """
        SELECT settle_id, item FROM med_item
        WHERE for_sex = CASE WHEN substr(id_no, 17, 1) IN ('1', '3', '5', '7', '9') THEN '女' ELSE '男' END""",
    "M08-6": """
        SELECT settle_id, item FROM med_item
        JOIN (SELECT item, count(price_fen) n, sum(price_fen) s FROM med_item GROUP BY 1 HAVING n >= 30) USING (item)
        WHERE price_fen * (n - 1) > 3 * (s - price_fen)""",
    "M08-7": """
        WITH p AS (SELECT id_no, year(admitted_on) y, sum(amount_fen) s FROM med_settle GROUP BY ALL),
             a AS (SELECT y, sum(s) s, count(*) n FROM p GROUP BY 1)
        SELECT id_no, y FROM p JOIN a USING (y) WHERE p.s >= 30000000 AND p.s * n > 10 * a.s""",
}

MACHINES = {
    "M09-1": "SELECT serial_no FROM machine WHERE serial_no IS NOT NULL GROUP BY 1 HAVING count(*) > 1",
    "M09-2": "SELECT engine_no FROM machine WHERE engine_no IS NOT NULL GROUP BY 1 HAVING count(*) > 1",
    "M09-3": "SELECT invoice_no FROM machine WHERE invoice_no IS NOT NULL GROUP BY 1 HAVING count(*) > 1",
    "M09-4": "SELECT machine_id FROM machine WHERE resold_on < bought_on + INTERVAL 2 YEAR",
    "M09-5": "SELECT machine_id FROM machine WHERE claimed_kw * 100 > measured_kw * 110",
    "M09-6": "SELECT buyer_id, year(bought_on) AS year FROM machine GROUP BY ALL HAVING count(*) >= 3",
    "M09-7": """
        SELECT DISTINCT machine_id FROM machine JOIN machine_ban USING (buyer_id)
        WHERE bought_on > decided_on AND bought_on < decided_on + INTERVAL 3 YEAR""",
}

SQL = CARS | CARE | MACHINES
