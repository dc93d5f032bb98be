"""校数: a draft, pasted or uploaded, comes back with each of its numbers marked; or as Word with comments."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header

from jiandu.base.core.clock import today
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.proofing.drafts import WORD, checked, paragraphs_of, with_comments
from jiandu.results.proofing.periods import guess
from jiandu.results.proofing.proving import Draft
from jiandu.results.proofing.rendering import counts_of
from jiandu.results.proofing.services import proof_draft
from jiandu.results.proofing.verdicts import Proof, Verdict
from jiandu.surfaces.desk.forms.proofing import ProofForm
from jiandu.surfaces.desk.handing_out import WORD as WORD_TYPE
from jiandu.surfaces.desk.views.numbers import link
from jiandu.surfaces.door.answers import page, perform

TONES = {Verdict.AGREES: "done", Verdict.NO_SOURCE: "neutral"}
ORDER = [*(one for one in Verdict if one.is_wrong), Verdict.NO_SOURCE, Verdict.AGREES]


@dataclass(frozen=True)
class Proved:
    """The draft with its verdicts; the officer's own Word file and its name, where one was uploaded."""

    draft: Draft
    word: bytes | None
    name: str


def proof(request: HttpRequest) -> HttpResponseBase:
    """The form; the marked draft; the Word file."""
    form = ProofForm(request.POST or None, request.FILES or None)
    found: list[Proved] = []
    if request.method != "POST" or not perform(form, lambda: found.append(_proved(request, form))):
        return page(request, "desk/reviews/proof.html", {"form": form}, status=422 if form.is_bound else 200)
    if "word" in request.POST:
        return _word(found[0])
    return page(request, "desk/reviews/proof.html", {"form": form} | _told(found[0].draft))


def _proved(request: HttpRequest, form: ProofForm) -> Proved:
    said = form.cleaned_data
    file = said["file"]
    content = file.read() if file else None
    paragraphs = checked(said["text"].splitlines()) if content is None else paragraphs_of(content, file.name)
    draft = proof_draft(paragraphs=paragraphs, ask=_ask(said, paragraphs), by=request.viewer)  # type: ignore[attr-defined]
    is_word = file and Path(file.name).suffix.casefold() == WORD
    return Proved(draft, content if is_word else None, Path(file.name).stem if file else "")


def _ask(said: dict[str, Any], paragraphs: list[str]) -> Ask:
    guessed = guess(paragraphs, today())
    year, day = said["year"] or guessed.year, said["as_of"]
    if day is None:
        day = guessed.as_of if year == guessed.year else min(date(year, 12, 31), today())
    return Ask(year, min(day, today()))


def _word(proved: Proved) -> HttpResponse:
    name = "（校数）".join([proved.name, ".docx"])
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return HttpResponse(with_comments(proved.draft, proved.word), content_type=WORD_TYPE, headers=headers)


def _told(draft: Draft) -> dict[str, Any]:
    """The draft in pieces, the numbers by verdict with what is wrong first, and how many there are of each."""
    marked = [
        {
            "number": number,
            "proof": one,
            "tone": TONES.get(one.verdict, "danger"),
            "href": link(one.figure.measure.key, one.ask) if one.figure and one.ask else "",
            "review": reverse("desk:review-page", args=[one.published.uid]) if one.published else "",
        }
        for number, one in enumerate(draft.proofs, start=1)
    ]
    counts = counts_of(draft)
    return {
        "draft": draft,
        "paragraphs": [_pieces(text, at, marked) for at, text in enumerate(draft.paragraphs)],
        "wrong": [(one, "danger", _of(marked, one)) for one in ORDER if counts[one] and one.is_wrong],
        "others": [(one, TONES[one], _of(marked, one)) for one in ORDER if counts[one] and not one.is_wrong],
        "counts": [(one.label, TONES.get(one, "danger"), counts[one]) for one in ORDER if counts[one]],
    }


def _of(marked: list[dict[str, Any]], verdict: Verdict) -> list[dict[str, Any]]:
    return [one for one in marked if one["proof"].verdict == verdict]


def _pieces(text: str, paragraph: int, marked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Words and marked numbers of a paragraph, in turn."""
    pieces: list[dict[str, Any]] = []
    at = 0
    for one in marked:
        said: Proof = one["proof"]
        if said.paragraph == paragraph:
            pieces += [{"words": text[at : said.number.start]}, one]
            at = said.number.end
    return [*pieces, {"words": text[at:]}]
