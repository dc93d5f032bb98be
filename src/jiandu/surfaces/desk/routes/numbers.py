"""Numbers: measures with their rows, reviews, search."""

from django.utils.translation import gettext_lazy as _

from jiandu.loop.findings.models import Finding
from jiandu.results.analysis.models import Snapshot
from jiandu.results.reports.models import Review
from jiandu.surfaces.desk.views import numbers, reviews
from jiandu.surfaces.door.routes import P

POST = ("POST",)
routes = [
    P("measures/", numbers.measures, "view", Snapshot, name="measures"),
    P("measures/<str:key>/", numbers.measure, "view", Snapshot, name="measure"),
    P("search/", numbers.search, "view", Finding, name="search"),
    P("reviews/", reviews.reviews, "view", Review, name="review"),
    P("reviews/new/", reviews.new, "draft", Review, name="review-new", methods=POST),
    P("reviews/<uuid:uid>/", reviews.read, "view", Review, name="review-page"),
    P("reviews/<uuid:uid>/figures/<str:key>/", reviews.figure, "view", Review, name="review-figure"),
    P("reviews/<uuid:uid>/poster/", reviews.poster, "view", Review, name="review-poster"),
    P("reviews/<uuid:uid>/word/", reviews.word, "view", Review, name="review-word", proves=_("下载综述 Word 文稿")),
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
