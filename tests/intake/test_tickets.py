"""Tickets: one use, for one purpose, after a minute or the work. Caps: each bucket by itself."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from altcha import Payload
from django.conf import settings
from tests.ground import EMPTY, installation
from tests.intake.reports import file, matured, opened, proof_for

from jiandu.base.core.clock import now
from jiandu.base.core.errors import Refused
from jiandu.base.intake.models import Report, SpentTicket, Tally
from jiandu.base.intake.services import caps, tickets
from jiandu.base.intake.services.filing import add_message
from jiandu.base.intake.services.tickets import LIFE, MATURE, is_ready, new_ticket, read_ticket, spend

pytestmark = pytest.mark.django_db


def rule(act: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.rule


def test_a_ticket_matures_in_a_minute_or_by_work() -> None:
    ticket = new_ticket("report")
    assert rule(spend, ticket) == "ticket-early"
    proof = proof_for(ticket.challenge)
    assert is_ready(ticket, proof)
    assert not is_ready(new_ticket("report"), proof), "work done for another ticket"
    with time_machine.travel(now() + MATURE, tick=False):
        assert is_ready(ticket, "")
    spend(ticket, proof)
    assert rule(spend, ticket, proof) == "ticket-spent"


@pytest.mark.parametrize("proof", ["", "x", "e30=", "W10=", "bnVsbA==", "WyI" * 900, "W" * 4001])
def test_what_is_no_proof_is_none(proof: str) -> None:
    assert not is_ready(new_ticket("report"), proof)


def test_an_altered_proof_is_none() -> None:
    """The cost taken down, the prefix, the ticket exchanged, another counter: none passes. The control does."""
    ticket = new_ticket("report")
    proof = proof_for(ticket.challenge)
    whole = Payload.from_base64(proof).to_dict()
    for path, value in (("cost", 1), ("keyPrefix", ""), ("data", {"ticket": "0" * 32}), ("nonce", "00" * 16)):
        changed = json.loads(json.dumps(whole))
        changed["challenge"]["parameters"][path] = value
        assert not is_ready(ticket, Payload.from_dict(changed).to_base64()), path
    changed = json.loads(json.dumps(whole))
    changed["solution"]["counter"] += 1
    assert not is_ready(ticket, Payload.from_dict(changed).to_base64())
    assert is_ready(ticket, Payload.from_dict(whole).to_base64()), "the control"


def test_altered_expired_and_foreign_tickets_are_none() -> None:
    text = new_ticket("report").text
    altered = [text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :] for at in range(len(text) - 1)]
    for wrong in ("", "x", "::", text[::-1], *altered):
        assert rule(read_ticket, wrong, "report") == "ticket-invalid"
    assert rule(read_ticket, text, "ask") == "ticket-invalid"
    assert read_ticket(text, "report").text == text
    with time_machine.travel(now() + LIFE + timedelta(seconds=2), tick=False):
        assert rule(read_ticket, text, "report") == "ticket-invalid"


def test_a_spent_ticket_is_kept_while_it_could_be_used() -> None:
    ticket = matured()
    spend(ticket)
    with time_machine.travel(now() + LIFE, tick=False):
        tickets.forget_tickets()
        assert SpentTicket.objects.filter(ticket=ticket.id).exists()
    with time_machine.travel(now() + timedelta(days=2), tick=False):
        assert tickets.forget_tickets() == 1


USE = """
import sys, django; django.setup()
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from jiandu.base.core.errors import Refused
from jiandu.base.intake.services.tickets import Ticket, spend
ticket = Ticket("report", "a" * 32, 1_000_000_000)
def use(_):
    try:
        spend(ticket)
    except Refused as refused:
        return refused.rule
    finally:
        connection.close()
    return "used"
with ThreadPoolExecutor(5) as pool:
    print(",".join(pool.map(use, range(250))))
"""


TAKE = """
import sys, django; django.setup()
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from jiandu.base.core.errors import Refused
from jiandu.base.intake.services import caps
caps.CAPS["reports"] = 50
def take(_):
    try:
        caps.take("reports")
    except Refused as refused:
        return refused.rule
    finally:
        connection.close()
    return "taken"
with ThreadPoolExecutor(5) as pool:
    print(",".join(pool.map(take, range(100))))
"""


def at_once(tmp_path: Path, code: str) -> list[str]:
    """What four processes with five threads each say of the same thing done at once."""
    with installation(tmp_path, EMPTY) as environment:
        environment = {**environment, "DJANGO_SETTINGS_MODULE": "jiandu.project.settings"}
        running = [
            subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        return [word for process in running for word in process.communicate(timeout=300)[0].strip().split(",")]


def test_a_cap_is_kept_against_many_who_do_the_work(tmp_path: Path) -> None:
    """Bots that solve fill the day's bucket and not one more. The control: up to the cap all are taken."""
    said = at_once(tmp_path, TAKE)
    assert (len(said), said.count("taken"), said.count("intake-full")) == (400, 50, 350)


def test_one_ticket_used_a_thousand_times_at_once_is_used_once(tmp_path: Path) -> None:
    said = at_once(tmp_path, USE)
    assert (len(said), said.count("used"), said.count("ticket-spent")) == (1000, 1, 999)


def test_each_bucket_trips_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full bucket refuses its own kind, says so and counts nothing; the others go on; the next day it is empty."""
    own, _ = opened()
    receipt = file(own)
    monkeypatch.setitem(caps.CAPS, "reports", 2)
    file(own)
    assert rule(file, own) == "intake-full"
    assert (Report.objects.count(), Tally.objects.get(what="reports").count) == (2, 2)
    add_message(receipt=receipt, text="补充", ticket=matured())
    monkeypatch.setitem(caps.CAPS, "messages", 1)
    assert rule(add_message, receipt=receipt, text="补充", ticket=matured()) == "intake-full"
    monkeypatch.setitem(caps.CAPS, "bytes", 10)
    assert rule(caps.take, "bytes", 11) == "intake-full"
    caps.take("bytes", 10)
    with time_machine.travel(now() + timedelta(days=1), tick=False):
        file(own)


def test_a_refused_report_leaves_its_ticket_unspent(monkeypatch: pytest.MonkeyPatch) -> None:
    own, _ = opened()
    monkeypatch.setitem(caps.CAPS, "reports", 0)
    assert rule(file, own) == "intake-full"
    assert not SpentTicket.objects.exists()
    assert settings.SECRET_KEY.encode() not in new_ticket("report").text.encode()
