"""数据比对 of the demo: what two runs over a small village ledger said, and what officers made of some of it.

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
from jiandu.base.core.ids import credit_code_check
from jiandu.base.core.text import mask_name
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.services import NewOrganisation, register_organisation
from jiandu.sources.crosscheck import folders, linked
from jiandu.sources.crosscheck.gathering import Gathered, Rows, tell
from jiandu.sources.crosscheck.models import Alert
from jiandu.sources.crosscheck.quality import Fault, Quality
from jiandu.sources.crosscheck.rule import Rule
from jiandu.sources.crosscheck.running import Outcome
from jiandu.sources.crosscheck.selectors import in_force
from jiandu.sources.crosscheck.services import triage
from jiandu.sources.crosscheck.services.runs import Finished, write_run
from jiandu.sources.crosscheck.services.tuning import NewSetting, make_rule, set_rule
from jiandu.sources.crosscheck.states import Verb

if TYPE_CHECKING:
    from jiandu.demo.net import Net

SEED, OFFICE, NAME = 20220310, "第一监督检查室", "村集体台账样例"
VILLAGES = ("集美区西滨社区", "集美区东山村", "集美区前埔村", "集美区后坑村", "集美区西塘村")
THINGS = ("厂房", "店面", "仓库", "鱼塘", "停车场")
PEOPLE = ("陈某", "林某某", "黄某", "吴某某", "郑某")
Row = dict[str, Any]


def tell_alerts(net: "Net", by: Viewer) -> None:
    """The tables, a rule made by form and one with another limit, two runs, and dispositions of every kind but the sealed one."""
    chance = random.Random(SEED)  # noqa: S311 -- the same demo each time
    on = today() - timedelta(days=20)
    tables = {"asset": _assets(chance, on), "contract": _contracts(chance, on)}
    kind, authority = Organisation.Kind.VILLAGE, Organisation.Authority.VILLAGE
    register_organisation(new=NewOrganisation(name=VILLAGES[0], kind=kind, authority=authority), by=by)
    _write(tables)
    officer = net.viewer("supervision_officer")
    head = net.viewer("office_head")
    with guard.acting(head):
        _tune(net.offices[OFFICE], head)
    with guard.acting(officer):
        write_run(finished=_finished(net, officer, tables, on - timedelta(days=30)), by=officer)
        write_run(finished=_finished(net, officer, tables, on), by=officer)
        _dispose(officer, head, on)


def _tune(office: Office, head: Viewer) -> None:
    """An office's own rule, and another that it wants to be right more often."""
    make_rule(office=office, definition=OWN, note="市级专项整治要求", by=head)
    note = "闲置五个月即列入盘活清单；准确率低于一半的请复核"
    set_rule(new=NewSetting(office, "SZ-16", note, {"days": 150}, floor=50), by=head)


def _finished(net: "Net", officer: Viewer, tables: dict[str, list[Row]], on: date) -> Finished:
    """What a run on that day leaves."""
    office, started = net.offices[OFFICE], now() - timedelta(seconds=3)
    known = {each.rule.id: each for each in in_force(officer, office)}
    found = [
        _said(known["SZ-10"].rule, _occupied(tables["asset"]), tables),
        _said(known["SZ-16"].rule, _idle(tables["asset"], on), tables),
        _said(known["SZ-01"].rule, _expired(tables["contract"], on), tables),
        _said(known["Z-1"].rule, _cheap(tables["contract"]), tables),
    ]
    ran = [known[one.outcome.rule.id] for one in found]
    return Finished(
        office=office,
        name=NAME,
        on=on,
        day=on,
        engine="duckdb",
        started_at=started,
        tables={name: _quality(name, rows) for name, rows in tables.items()},
        found=found,
        versions={each.rule.id: each.version for each in ran},
        params={each.rule.id: each.rule.values(each.params) for each in ran},
        waiting=list(_waiting(tables["contract"])),
    )


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
        firm = number % 9 == 4
        body = f"91350211MA{number + 30:06d}X"
        code = body + (credit_code_check(body) if number % 2 else "0")
        rows.append(
            {
                "contract_id": f"HT-{number + 1:03d}",
                "village": VILLAGES[number % 5],
                "asset_id": f"ZC-{number * 5 % 60 + 2:03d}",
                "kind": "厂房",
                "lessee": "某某贸易有限公司" if firm else chance.choice(PEOPLE),
                "lessee_kind": "企业" if firm else "个人",
                "lessee_uscc": code if firm else None,
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


#: A rule made by form: long leases to private persons for next to nothing.
OWN: dict[str, Any] = {
    "id": "Z-1",
    "name": "个人承租年租金过低",
    "level": "yellow",
    "shape": "compare",
    "table": "contract",
    "where": [
        {"column": "status", "is": "=", "value": "履行中"},
        {"column": "lessee_kind", "is": "=", "value": "个人"},
        {"column": "rent_fen", "is": "<", "value": 1_500_000},
        {"column": "kind", "is": "in", "values": ["厂房", "店面", "仓库"]},
    ],
    "sentence": "{village}合同{contract_id}由个人承租，年租金{rent_fen}，低于1.5万元。",
    "blind": "看不见实物抵租、补充协议和按营业额分成的租金。",
    "basis": [{"title": "农村集体经营性资产出租最低限价（各地三资平台做法）"}],
}


def _cheap(contracts: Iterable[Row]) -> list[Row]:
    limit = OWN["where"][2]["value"]
    cheap = [row for row in contracts if row["rent_fen"] < limit and row["lessee_kind"] == "个人"]
    return [row | {"place": row["village"], "level": "yellow"} for row in cheap]


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
        weights = [*said, ("身份证号缺", "identity number missing", 0.0), ("出生日期缺", "birth date missing", 0.0)]
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


def _said(rule: Rule, hits: list[Row], tables: dict[str, list[Row]]) -> Gathered:
    """What the rule said, as `gathering` leaves it."""
    behind: Rows = {}
    for name, pairs in rule.behind.items():
        for row in tables.get(name, []):
            behind.setdefault(name, {}).setdefault(tuple(row[column] for column in pairs), []).append(row)
    told = [tell(rule, hit, behind) for hit in hits]
    doubts = tuple(each for name in rule.tables for each in _faults(name, tables.get(name, [])) if each.doubtful)
    return Gathered(Outcome(rule, hits=len(hits), seconds=0.02, doubts=doubts), told)


def _faults(name: str, rows: list[Row]) -> list[Fault]:
    """Credit codes that are none."""
    codes = [row["lessee_uscc"] for row in rows if row.get("lessee_uscc")]
    wrong = sum(code[-1] != credit_code_check(code[:-1]) for code in codes)
    return [Fault(name, "lessee_uscc", "invalid", wrong, len(rows))] if wrong else []


def _quality(name: str, rows: list[Row]) -> dict[str, Any]:
    version = hashlib.sha256(repr(rows).encode()).hexdigest()
    days = sorted(value for row in rows for value in row.values() if isinstance(value, date))
    span = {"": (days[0].isoformat(), days[-1].isoformat())}
    return {"version": version, **Quality(name, len(rows), tuple(_faults(name, rows)), span).as_dict()}


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
