"""`python -m tests.durability.inspection`: what an installation holds, as JSON, read by a process of its own.

`faults(book, held)` then says where it differs from what the officers were told, or from itself.
"""

import json
import os
import re
import sys
from collections import Counter, defaultdict
from typing import Any

from tests.durability.load import MEASURES, Book
from tests.installation import Installation

WORD = re.compile(r"act-\d+-\d+\.")


def held(installation: Installation) -> dict[str, Any]:
    """Findings, steps, parts and log entries of the installation."""
    answer: dict[str, Any] = json.loads(installation.run("tests.durability.inspection").stdout)
    return answer


def faults(book: Book, held: dict[str, Any]) -> list[str]:
    """Acknowledged acts that are not there, acts nobody sent, half steps, caches and log entries that disagree."""
    steps: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for step in held["steps"]:
        steps[step["uid"]].append(step)
    found = {finding["uid"]: finding for finding in held["findings"]}
    done = Counter((_word(found, step), step["verb"]) for step in held["steps"])
    wrong = [f"lost: {act}" for act in book.kept if not done[act]]
    wrong += [f"twice: {act}" for act, times in done.items() if times > 1]
    wrong += [f"never sent: {act}" for act in done if act not in book.sent]
    for uid, finding in found.items():
        wrong += [f"{uid}: {fault}" for fault in _half(finding, sorted(steps[uid], key=lambda step: step["seq"]), held)]
    logged = Counter((entry["uid"], entry["verb"], entry["seq"]) for entry in held["entries"])
    written = Counter((step["uid"], step["verb"], step["seq"]) for step in held["steps"])
    wrong += [f"log and steps differ: {each}" for each in (logged - written) + (written - logged)]
    return wrong


def _word(found: dict[str, dict[str, Any]], step: dict[str, Any]) -> str:
    text = found[step["uid"]]["problem"] if step["verb"] == "register" else step["note"]
    said = WORD.search(text)
    return said[0] if said else text


def _half(finding: dict[str, Any], steps: list[dict[str, Any]], held: dict[str, Any]) -> list[str]:
    """What of a finding is there without the rest of its act."""
    uid, verbs = finding["uid"], [step["verb"] for step in steps]
    if not steps:
        return ["a finding without a step"]
    expected = {
        "seq": list(range(1, len(steps) + 1)),
        "from": ["", *(step["to"] for step in steps[:-1])],
        "caches": [steps[-1]["to"], len(steps)],
        "measures": MEASURES if "plan" in verbs else 0,
        "approvals": verbs.count("pass"),
        "searched": True,
        "due": "assign" in verbs,
        "rectifier": "receive" in verbs,
    }
    actual = {
        "seq": [step["seq"] for step in steps],
        "from": [step["from"] for step in steps],
        "caches": [finding["state"], finding["step_count"]],
        "measures": held["measures"].get(uid, 0),
        "approvals": held["approvals"].get(uid, 0),
        "searched": uid in held["searched"],
        "due": finding["due_on"] is not None,
        "rectifier": bool(finding["rectifier_name"]),
    }
    return [f"{name} {actual[name]} ≠ {value}" for name, value in expected.items() if actual[name] != value]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiandu.project.settings")
    import django

    django.setup()
    from django.db import transaction

    from jiandu.base.core import guard

    with transaction.atomic(), guard.acting(guard.system("tests")), guard.unguarded("the inspector joins as it likes"):
        sys.stdout.write(json.dumps(_everything(), default=str))


def _everything() -> dict[str, Any]:
    from django.db.models import Count

    from jiandu.base.audit.models import Payload
    from jiandu.loop.findings.models import Approval, Finding, Measure, Step
    from jiandu.loop.findings.states import Verb

    verbs = [f"finding.{verb}" for verb in Verb]
    payloads = Payload.objects.filter(entry__verb__in=verbs).values_list("entry__obj", "entry__verb", "body")
    steps = Step.objects.values_list("finding__uid", "seq", "verb", "from_state", "to_state", "note")
    names = ("uid", "problem", "state", "step_count", "due_on", "rectifier_name")
    return {
        "findings": list(Finding.objects.values(*names)),
        "steps": [dict(zip(("uid", "seq", "verb", "from", "to", "note"), row, strict=True)) for row in _own(steps)],
        "measures": {
            str(uid): n for uid, n in _own(Measure.objects.values_list("finding__uid").annotate(n=Count("pk")))
        },
        "approvals": {
            str(uid): n for uid, n in _own(Approval.objects.values_list("finding__uid").annotate(n=Count("pk")))
        },
        "searched": sorted(str(uid) for uid in _searched()),
        "entries": [
            {"uid": obj.split(":")[1], "verb": verb.split(".")[1], "seq": json.loads(body)["seq"]}
            for obj, verb, body in payloads
        ],
    }


def _own(rows: Any) -> Any:
    return rows.order_by("finding__uid")


def _searched() -> Any:
    """The findings that the search index knows."""
    from jiandu.base.core.vendor import grams
    from jiandu.loop.findings.models import Finding
    from jiandu.loop.findings.services.searching import INDEX

    return Finding.objects.filter(pk__in=grams.matching_ids(INDEX, "act")).values_list("uid", flat=True)


if __name__ == "__main__":
    main()
