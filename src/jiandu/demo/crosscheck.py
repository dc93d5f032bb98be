"""数据比对 of the demo: what one run over a small village ledger said, and what officers made of some of it.

The hits are written down as a run leaves them, so that a first start loads no engine; the same tables lie as CSV in the
data folder, for whoever wants to run the rules.
"""

import csv
import hashlib
import json
import random
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from jiandu.base.core import guard
from jiandu.base.core.clock import now, today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.text import mask_name
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.services import NewOrganisation, register_organisation
from jiandu.sources.crosscheck import folders, linked, rules
from jiandu.sources.crosscheck.gathering import Gathered, Rows, tell
from jiandu.sources.crosscheck.models import Alert
from jiandu.sources.crosscheck.running import Outcome
from jiandu.sources.crosscheck.services import triage
from jiandu.sources.crosscheck.services.runs import Finished, write_run
from jiandu.sources.crosscheck.states import Verb

if TYPE_CHECKING:
    from jiandu.demo.net import Net

SEED, OFFICE, NAME = 20220310, "第一监督检查室", "村集体台账样例"
VILLAGES = ("集美区西滨社区", "集美区东山村", "集美区前埔村", "集美区后坑村", "集美区西塘村")
THINGS = ("厂房", "店面", "仓库", "鱼塘", "停车场")
PEOPLE = ("陈某", "林某某", "黄某", "吴某某", "郑某")
Row = dict[str, Any]


def tell_alerts(net: "Net", by: Viewer) -> None:
    """The tables, the run, and dispositions of every kind but the sealed one."""
    chance = random.Random(SEED)  # noqa: S311 -- the same demo each time
    on = today() - timedelta(days=20)
    assets, contracts = _assets(chance, on), _contracts(chance, on)
    tables = {"asset": assets, "contract": contracts}
    kind, authority = Organisation.Kind.VILLAGE, Organisation.Authority.VILLAGE
    register_organisation(new=NewOrganisation(name=VILLAGES[0], kind=kind, authority=authority), by=by)
    _write(tables)
    officer = net.viewer("supervision_officer")
    found = [_said("SZ-10", _occupied(assets), tables), _said("SZ-16", _idle(assets, on), tables)]
    found.append(_said("SZ-01", _expired(contracts, on), tables))
    finished = Finished(
        office=net.offices[OFFICE],
        name=NAME,
        on=on,
        day=on,
        engine="duckdb",
        started_at=now(),
        tables={name: _quality(rows) for name, rows in tables.items()},
        found=found,
        versions={one.outcome.rule.id: f"{one.outcome.rule.version}.0" for one in found},
        params={one.outcome.rule.id: one.outcome.rule.values() for one in found},
        waiting=list(_waiting(contracts)),
    )
    with guard.acting(officer):
        write_run(finished=finished, by=officer)
        _dispose(officer, net.viewer("office_head"), on)


def _assets(chance: random.Random, on: date) -> list[Row]:
    """A village's assets: most in order, some occupied, some idle."""
    rows = []
    for number in range(60):
        status = ("自用", "出租", "出租", "他人占用", "闲置")[number % 5]
        village = VILLAGES[number // 5 % 5]
        rows.append(
            {
                "asset_id": f"ZC-{number + 1:03d}",
                "village": village,
                "town": "杏滨街道",
                "name": chance.choice(THINGS),
                "kind": "经营性",
                "area_mu": round(chance.uniform(0.2, 6), 1),
                "status": status,
                "since": on - timedelta(days=chance.randrange(100, 900)),
                "user_name": chance.choice(PEOPLE) if status == "他人占用" else None,
                "original_fen": chance.randrange(5, 90) * 1_000_000,
            }
        )
    return rows


def _contracts(chance: random.Random, on: date) -> list[Row]:
    """Contracts of what is let; every fourth is over and still runs."""
    rows = []
    for number in range(40):
        end = on + timedelta(days=chance.randrange(60, 900))
        if number % 4 == 0:
            end = on - timedelta(days=chance.randrange(5, 300))
        rows.append(
            {
                "contract_id": f"HT-{number + 1:03d}",
                "village": VILLAGES[number % 5],
                "asset_id": f"ZC-{number * 5 % 60 + 2:03d}",
                "kind": "厂房",
                "lessee": chance.choice(PEOPLE),
                "lessee_kind": "个人",
                "start_on": end - timedelta(days=1095),
                "end_on": end,
                "rent_fen": chance.randrange(10, 80) * 100_000,
                "status": "履行中",
            }
        )
    return rows


def _occupied(assets: Iterable[Row]) -> list[Row]:
    held = (row for row in assets if row["status"] == "他人占用")
    return [row | {"why": "没有合同", "place": row["village"], "level": "red"} for row in held]


def _idle(assets: Iterable[Row], on: date) -> list[Row]:
    days = [(row, (on - row["since"]).days) for row in assets if row["status"] == "闲置"]
    return [
        row | {"days": late, "place": row["village"], "level": "yellow" if late >= 365 else "green"}
        for row, late in days
        if late >= 180
    ]


def _expired(contracts: Iterable[Row], on: date) -> list[Row]:
    days = [(row, (on - row["end_on"]).days) for row in contracts if row["end_on"] < on]
    return [
        row | {"late": late, "place": row["village"], "level": "red" if late > 30 else "yellow"} for row, late in days
    ]


#: What linkage said of a contract's lessee and somebody of the register: (village, name there, birth, comparisons, probability).
LIKELY = (
    (
        "集美区西滨社区",
        "陈大山",
        "1968-04-02",
        (("姓名相同", "same name", 9.6), ("住址相同", "same place", 7.2)),
        0.861,
    ),
    (
        "集美区西滨社区",
        "陈大山",
        "1991-11-23",
        (("姓名相同", "same name", 9.6), ("住址相同", "same place", 7.2)),
        0.861,
    ),
    ("集美区东山村", "林建省", "1975-08-30", (("姓名同音", "homophone", 7.9), ("住址相同", "same place", 7.2)), 0.644),
    (
        "集美区前埔村",
        "吴阿勇",
        "1959-01-17",
        (("姓名一字不同", "one character differs", 4.3), ("住址相同", "same place", 7.2)),
        0.117,
    ),
)
LESSEES = ("陈大山", "陈大山", "林建生", "吴阿永")


def _waiting(contracts: list[Row]) -> Iterable[linked.Waiting]:
    """Pairs as linkage leaves them, of contracts whose lessee has no number."""
    lacking = next(each for each in linked.LACKING if each.column == "lessee_id")
    for number, (village, name, birth, said, probability) in enumerate(LIKELY):
        row = next(each for each in contracts if each["village"] == village) | {"lessee": LESSEES[number]}
        mark = linked.row_mark(lacking, row)
        weights = [*said, ("身份证号缺", "missing", 0.0), ("出生日期缺", "missing", 0.0)]
        names, values = (row["lessee"], village, "", ""), (name, village, "350211********0000", birth)
        told = [
            {"left": names[at], "right": values[at], "words": zh, "english": en, "weight": weight}
            for at, (zh, en, weight) in enumerate(weights)
        ]
        left = [
            ["合同编号", row["contract_id"]],
            ["村居", village],
            ["承租方", row["lessee"]],
            ["终止日期", f"{row['end_on']}"],
        ]
        right = [["姓名", name], ["出生日期", birth], ["户籍村居", village]]
        clear = {"number": "", "compared": told, "left": left, "right": right}
        starred = [
            each | {side: each[side] if at else mask_name(str(each[side])) for side in ("left", "right")}
            for at, each in enumerate(told)
        ]
        yield linked.Waiting(
            mark=linked.pair_mark(mark, f"{name}{birth}"),
            row=mark,
            lacking=lacking,
            place=village,
            compared=starred,
            left=[[label, mask_name(value) if value == row["lessee"] else value] for label, value in left],
            right=[[label, mask_name(value) if value == name else value] for label, value in right],
            clear=json.dumps(clear, ensure_ascii=False),
            probability=probability,
            start=-14.2,
            reason="姓名不同，无相同的身份证号 · the name differs and no number bears it out" if number == 3 else "",
        )


def _said(rule_id: str, hits: list[Row], tables: dict[str, list[Row]]) -> Gathered:
    """What the rule said, as `gathering` leaves it."""
    rule = rules.known()[rule_id]
    behind: Rows = {}
    for name, pairs in rule.behind.items():
        for row in tables.get(name, []):
            behind.setdefault(name, {}).setdefault(tuple(row[column] for column in pairs), []).append(row)
    told = [tell(rule, hit, behind) for hit in hits]
    return Gathered(Outcome(rule, hits=len(hits), seconds=0.02), told)


def _quality(rows: list[Row]) -> dict[str, Any]:
    version = hashlib.sha256(repr(rows).encode()).hexdigest()
    days = sorted(value for row in rows for value in row.values() if isinstance(value, date))
    return {
        "version": version,
        "rows": len(rows),
        "faults": [],
        "span": {"": (days[0].isoformat(), days[-1].isoformat())},
    }


def _write(tables: dict[str, list[Row]]) -> None:
    """The tables as CSV."""
    folder = folders.root() / NAME
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


def _dispose(officer: Viewer, head: Viewer, on: date) -> None:
    """Some of each rule: put right and verified by another, excluded for the rule or the data."""
    day = on + timedelta(days=5)
    said = (
        (Verb.RECTIFY, "已腾退并补签合同"),
        (Verb.EXCLUDE_DATA, "台账未及时更新，现场已腾退"),
        (Verb.EXCLUDE_RULE, "属历史遗留，已有清理方案"),
    )
    for rule in ("SZ-10", "SZ-16", "SZ-01"):
        for place, alert in enumerate(Alert.objects.filter(rule=rule).order_by("code")[1:6]):
            verb, note = said[place % 3]
            row = triage.dispose(alert=alert, by=officer, verb=verb, on=day, note=note)
            if place == 0:
                with guard.acting(head):
                    triage.verify(alert=row, by=head, on=day + timedelta(days=3), note="已到现场核实")
