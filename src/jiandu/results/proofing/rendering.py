"""A proved draft as JSON, and as lines for the console."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from jiandu.results.proofing.proving import Draft
from jiandu.results.proofing.verdicts import Proof, Verdict
from jiandu.results.reports.rendering import number as plain


def as_dict(draft: Draft) -> dict[str, Any]:
    """{"period": …, "as_of": …, "counts": {verdict: …}, "numbers": […]}: the stable contract of `check-text`.

    Paragraphs and characters are numbered from 1.
    """
    counts = counts_of(draft)
    return {
        "period": draft.ask.year,
        "as_of": draft.ask.as_of.isoformat(),
        "is_right": not draft.wrong,
        "counts": {str(one): counts[one] for one in Verdict},
        "numbers": [_number(proof) for proof in draft.proofs],
    }


def counts_of(draft: Draft) -> Counter[Verdict]:
    return Counter(proof.verdict for proof in draft.proofs)


def _number(proof: Proof) -> dict[str, Any]:
    said: dict[str, Any] = {
        "paragraph": proof.paragraph + 1,
        "character": proof.number.start + 1,
        "length": proof.number.end - proof.number.start,
        "text": proof.number.text,
        "verdict": str(proof.verdict),
        "label": str(proof.verdict.label),
        "why": proof.words,
        "measure": None,
    }
    if proof.figure is not None:
        one = proof.figure.measure
        said |= {
            "measure": one.key,
            "measure_label": _(one.label),
            "value": plain(proof.figure.value),
            "unit": one.unit,
            "rows": proof.figure.rows,
            "basis": str(one.basis),
            "definition": one.definition,
        }
    if proof.ask is not None:
        said |= {"period": proof.ask.year, "as_of": proof.ask.as_of.isoformat()}
    if proof.published is not None:
        said["published_in"] = {"uid": str(proof.published.uid), "title": proof.published.title}
    return said


def as_lines(draft: Draft) -> list[str]:
    """What is wrong or has no source, line by line; how many agree; where the rows are."""
    counts = counts_of(draft)
    ask = _("年度 %(year)d，统计截止日 %(day)s") % {"year": draft.ask.year, "day": draft.ask.as_of.isoformat()}
    tally = " · ".join(f"{one.label} {counts[one]}" for one in Verdict if counts[one])
    nothing = _("文中没有需要核对的数")
    lines = [f"{ask}；{tally or nothing}"]
    for proof in draft.proofs:
        if proof.verdict != Verdict.AGREES:
            place = _("第%(paragraph)d段第%(character)d字") % {
                "paragraph": proof.paragraph + 1,
                "character": proof.number.start + 1,
            }
            lines.append(f"{place}  {proof.number.text}  {proof.verdict.label}：{proof.words}")
            lines += _rows(proof)
    return lines


def _rows(proof: Proof) -> list[str]:
    """The command that lists what the figure counts."""
    if proof.figure is None or proof.ask is None or not proof.is_wrong:
        return []
    key, ask = proof.figure.measure.key, proof.ask
    return [f"    ./jiandu measure {key} --period {ask.year} --as-of {ask.as_of.isoformat()} --rows"]
