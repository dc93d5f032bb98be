"""The mechanisms of the net: rounds, rules, talks and the registers beside them."""

from django.utils.translation import gettext_lazy as _

from jiandu.loop.outcomes.models import RuleMade
from jiandu.sources.activities.models import Activity
from jiandu.sources.contactpoints.models import ContactPoint, ContactProblem
from jiandu.sources.talks.models import Talk, TalkPlan
from jiandu.surfaces.desk.views import clues, contact, papers, rounds, rules, talks, topics
from jiandu.surfaces.door.routes import P

routes = [
    *rounds.ROUNDS_ROOM.routes("rounds/"),
    *rounds.ROUND_ROOM.routes("rounds/<uuid:uid>/"),
    *papers.ROUND_PAPERS_ROOM.routes("rounds/<uuid:uid>/papers/"),
    P("rounds/<uuid:uid>/papers/<slug:paper>/", papers.round_paper, "view", Activity, name="round-paper"),
    P(
        "rounds/<uuid:uid>/report/word/",
        papers.round_report,
        "view",
        Activity,
        name="round-report-word",
        proves=_("下载轮次报告"),
    ),
    *rules.RULES_ROOM.routes("rules/"),
    *rules.RULE_ROOM.routes("rules/<uuid:uid>/"),
    P("rules/<uuid:uid>/file/", rules.file, "view", RuleMade, name="rule-file"),
    *talks.TALKS_ROOM.routes("talks/"),
    *talks.TALK_ROOM.routes("talks/<uuid:uid>/"),
    P("talks/<uuid:uid>/papers/<slug:paper>/", papers.talk_paper, "view", Talk, name="talk-paper"),
    *clues.CLUES_ROOM.routes("talks/clues/"),
    *clues.CLUE_ROOM.routes("talks/clues/<uuid:uid>/"),
    *clues.HANDING_ROOM.routes("talks/<uuid:uid>/clues/"),
    *talks.PLAN_ROOM.routes("talks/plans/<uuid:uid>/"),
    P("talks/plans/<uuid:uid>/outline/", papers.plan_outline, "view", TalkPlan, name="talk-plan-outline"),
    *topics.WORKS_ROOM.routes("topics/"),
    *topics.TOPICS_ROOM.routes("topics/names/"),
    *topics.TOPIC_ROOM.routes("topics/names/<uuid:uid>/"),
    *topics.WORK_ROOM.routes("topics/<uuid:uid>/"),
    *topics.RESULTS_ROOM.routes("topics/<uuid:uid>/results/"),
    P("topics/<uuid:uid>/word/", topics.word, "view", Activity, name="topic-word"),
    *contact.PROBLEMS_ROOM.routes("contact/"),
    *contact.PROBLEM_ROOM.routes("contact/<uuid:uid>/"),
    P("contact/<uuid:uid>/word/", papers.contact_handing, "view", ContactProblem, name="contact-handing"),
    P(
        "contact/<uuid:uid>/replies/<uuid:reflection>/",
        papers.contact_reply,
        "view",
        ContactProblem,
        name="contact-reply",
    ),
    *contact.POINTS_ROOM.routes("contact/points/"),
    P(
        "contact/points/word/",
        papers.contact_points,
        "view",
        ContactPoint,
        name="contact-points-word",
        proves=_("下载联系点名单"),
    ),
    *contact.POINT_ROOM.routes("contact/points/<uuid:uid>/"),
    *contact.SUGGESTIONS_ROOM.routes("contact/suggestions/"),
    *contact.SUGGESTION_ROOM.routes("contact/suggestions/<uuid:uid>/"),
]
