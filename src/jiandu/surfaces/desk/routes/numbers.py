"""Numbers: measures with their rows, reviews, search."""

from django.utils.translation import gettext_lazy as _

from jiandu.loop.findings.models import Finding
from jiandu.results.analysis.models import Snapshot
from jiandu.results.filling.models import SuperiorForm
from jiandu.results.reports.models import Review
from jiandu.surfaces.desk.views import figures, filling, numbers, proofing, reviews, searching
from jiandu.surfaces.door.routes import P

POST = ("POST",)
routes = [
    P("measures/", numbers.measures, "view", Snapshot, name="measures"),
    P("measures/<str:key>/", numbers.measure, "view", Snapshot, name="measure"),
    P("forms/", filling.FORMS_ROOM.page, "view", SuperiorForm, name="forms"),
    P("forms/new/", filling.new, "create", SuperiorForm, name="form-new", methods=("GET", "POST")),
    *filling.FORM_ROOM.routes("forms/<uuid:uid>/"),
    P("forms/<uuid:uid>/bind/", filling.bind, "edit", SuperiorForm, name="form-bind", methods=("GET", "POST")),
    P("forms/<uuid:uid>/accept/", filling.accept, "edit", SuperiorForm, name="form-accept", methods=POST),
    P("forms/<uuid:uid>/cell/", filling.cell, "view", SuperiorForm, name="form-cell"),
    P("forms/<uuid:uid>/file/", filling.file, "view", SuperiorForm, name="form-file", proves=_("下载套表")),
    P("search/", searching.search, "view", Finding, name="search"),
    P("reviews/", reviews.reviews, "view", Review, name="review"),
    P("reviews/new/", reviews.new, "draft", Review, name="review-new", methods=POST),
    P("reviews/owners/", figures.owners, "figures", Review, name="review-owners", methods=("GET", "POST")),
    P("reviews/proof/", proofing.proof, "view", Review, name="review-proof", methods=("GET", "POST")),
    P("reviews/<uuid:uid>/", reviews.read, "view", Review, name="review-page"),
    P("reviews/<uuid:uid>/figures/<str:key>/", reviews.figure, "view", Review, name="review-figure"),
    P("reviews/<uuid:uid>/sheet/", figures.sheet, "view", Review, name="review-sheet"),
    P("reviews/<uuid:uid>/sheet/ask/", figures.ask, "draft", Review, name="review-ask", methods=POST),
    P("reviews/<uuid:uid>/sheet/decide/", figures.decide, "figures", Review, name="review-decide", methods=POST),
    P("reviews/<uuid:uid>/sheet/<str:key>/", figures.line, "view", Review, name="review-line"),
    P(
        "reviews/<uuid:uid>/sheet/<str:key>/answer/",
        figures.answer,
        "answer",
        Review,
        name="review-answer",
        methods=POST,
    ),
    P(
        "reviews/<uuid:uid>/sheet/<str:key>/confirm/",
        figures.confirm,
        "answer",
        Review,
        name="review-confirm",
        methods=POST,
    ),
    P("reviews/<uuid:uid>/poster/", reviews.poster, "view", Review, name="review-poster"),
    P("reviews/<uuid:uid>/word/", reviews.word, "view", Review, name="review-word", proves=_("下载综述 Word 文稿")),
    P(
        "reviews/<uuid:uid>/word/<str:edition>/",
        reviews.edition,
        "view",
        Review,
        name="review-edition",
        proves=_("下载综述 Word 文稿"),
    ),
    P(
        "reviews/<uuid:uid>/sections/<int:order>/",
        reviews.edit,
        "draft",
        Review,
        name="review-section",
        methods=("GET", "POST"),
    ),
    P(
        "reviews/<uuid:uid>/freeze/",
        reviews.freeze,
        "freeze",
        Review,
        name="review-freeze",
        methods=POST,
        proves=_("综述定稿锁数"),
    ),
]
