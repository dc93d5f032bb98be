"""The portal's pages. Nobody signs in; a form carries a ticket instead of a cookie, and an answer stands on the page that it was asked from."""

import json
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from jiandu.base.core.errors import Refused
from jiandu.base.intake.files import ALLOWED, MOST_FILES
from jiandu.base.intake.selectors import Dialogue, read_dialogue
from jiandu.base.intake.services import caps
from jiandu.base.intake.services.filing import add_message, no_report
from jiandu.base.intake.services.keys import receivers
from jiandu.base.intake.services.tickets import Ticket, new_ticket, read_ticket, spend
from jiandu.base.published.selectors import any_notice
from jiandu.base.sealing.receipts import Receipt
from jiandu.surfaces.door.answers import words_of
from jiandu.surfaces.portal.forms import AskForm, MessageForm, ReportForm
from jiandu.surfaces.portal.pages import show
from jiandu.surfaces.portal.taking import NO_FIELD, Taking

CLEARED = '"cache", "cookies", "storage"'
_AGAIN: dict[tuple[str | None, str, str], bytes] = {}


def start(request: HttpRequest) -> HttpResponse:
    """The two ways, and what can and cannot be protected."""
    return show(request, "start", {"is_open": bool(receivers()), "has_notices": any_notice()})


def leave(request: HttpRequest) -> HttpResponse:
    """A page that says nothing; the browser forgets what it kept of us."""
    response = show(request, "left", {})
    response.headers["Clear-Site-Data"] = CLEARED
    return response


@csrf_exempt
def report(request: HttpRequest) -> HttpResponse:
    """The form; sent, the receipt, which is shown this once."""
    ticket = None
    if request.method == "POST":  # before anything is asked of the database: a flood ends here
        try:
            ticket = read_ticket(request.GET.get("ticket", ""), "report")
        except Refused as refused:
            return _again(request, refused, "portal:report")
    offices = receivers()
    if not offices:
        return show(request, "start", {"is_open": False, "has_notices": any_notice()})
    if ticket is None:
        if caps.is_full("reports"):  # said before anybody has written
            return show(request, "full", {"reason": words_of(caps.full())})
        return _report_page(request, ReportForm(offices=offices), new_ticket("report"))
    form, taking = ReportForm(request.POST, offices=offices), Taking(request, ticket)
    receipt = taking.filed(form)
    if receipt is None:
        return _report_page(request, form, taking.next_ticket, status=422)
    return show(request, "receipt", {"receipt": receipt.text, "files": taking.told})


@csrf_exempt
def ask(request: HttpRequest) -> HttpResponse:
    """By the receipt to the dialogue. Each question costs a ticket, right or wrong."""
    if request.method != "POST":
        return _form_page(request, "ask", AskForm(), new_ticket("ask"))
    try:
        ticket = read_ticket(request.GET.get("ticket", ""), "ask")
    except Refused as refused:
        return _again(request, refused, "portal:ask")
    form = AskForm(request.POST)
    if form.is_valid():
        receipt: Receipt = form.cleaned_data["receipt"]
        try:
            spend(ticket, request.GET.get("proof", ""))
        except Refused as refused:
            form.add_error(NO_FIELD, words_of(refused))
            return _form_page(request, "ask", form, ticket, status=422)
        dialogue = read_dialogue(receipt)
        if dialogue is not None:
            return _dialogue_page(request, dialogue, receipt)
        form.add_error(NO_FIELD, words_of(no_report()))
        ticket = new_ticket("ask")
    return _form_page(request, "ask", form, ticket, status=422)


@csrf_exempt
def message(request: HttpRequest) -> HttpResponse:
    """A further word to the office. Refused, the form comes back without the dialogue: that a receipt is right costs a ticket."""
    try:
        ticket = read_ticket(request.GET.get("ticket", ""), "message")
    except Refused as refused:
        return _again(request, refused, "portal:ask")
    form = MessageForm(request.POST)
    if form.is_valid():
        receipt, text = form.cleaned_data["receipt"], form.cleaned_data["text"]
        try:
            add_message(receipt=receipt, text=text, ticket=ticket, proof=request.GET.get("proof", ""))
        except Refused as refused:
            form.add_error(NO_FIELD, words_of(refused))
        else:
            return _dialogue_page(request, read_dialogue(receipt), receipt, is_sent=True)
    return _form_page(request, "dialogue", form, ticket, status=422)


def _dialogue_page(
    request: HttpRequest, dialogue: Dialogue | None, receipt: Receipt, *, is_sent: bool = False
) -> HttpResponse:
    form = MessageForm(initial={"receipt": receipt.text})
    return _form_page(request, "dialogue", form, new_ticket("message"), dialogue=dialogue, is_sent=is_sent)


def _report_page(request: HttpRequest, form: ReportForm, ticket: Ticket, *, status: int = 200) -> HttpResponse:
    kinds = ",".join(sorted(ALLOWED))
    return _form_page(request, "report", form, ticket, status=status, kinds=kinds, most_files=MOST_FILES)


def _form_page(
    request: HttpRequest, name: str, form: Form, ticket: Ticket, *, status: int = 200, **more: Any
) -> HttpResponse:
    said = {"form": form, "ticket": ticket.text, "challenge": json.dumps(ticket.challenge), **more}
    return show(request, name, said, status=status)


def _again(request: HttpRequest, refused: Refused, to: str) -> HttpResponse:
    """The page of who comes without a ticket, which is all that a flood sees: made once for each language."""
    key = (get_language(), refused.rule, to)
    if key not in _AGAIN:
        _AGAIN[key] = show(request, "again", {"reason": words_of(refused), "to": reverse(to)}).content
    return HttpResponse(_AGAIN[key], status=409)
