"""The mechanisms of the net: rounds, rules, talks and the registers beside them."""

from jiandu.sources.activities.models import Activity
from jiandu.surfaces.desk.views import contact, rounds, rules, talks, topics
from jiandu.surfaces.door.routes import P

routes = [
    *rounds.ROUNDS_ROOM.routes("rounds/"),
    *rounds.ROUND_ROOM.routes("rounds/<uuid:uid>/"),
    *rules.RULES_ROOM.routes("rules/"),
    *rules.RULE_ROOM.routes("rules/<uuid:uid>/"),
    *talks.TALKS_ROOM.routes("talks/"),
    *talks.TALK_ROOM.routes("talks/<uuid:uid>/"),
    *topics.WORKS_ROOM.routes("topics/"),
    *topics.TOPICS_ROOM.routes("topics/names/"),
    *topics.TOPIC_ROOM.routes("topics/names/<uuid:uid>/"),
    *topics.WORK_ROOM.routes("topics/<uuid:uid>/"),
    *topics.RESULTS_ROOM.routes("topics/<uuid:uid>/results/"),
    P("topics/<uuid:uid>/word/", topics.word, "view", Activity, name="topic-word"),
    *contact.PROBLEMS_ROOM.routes("contact/"),
    *contact.PROBLEM_ROOM.routes("contact/<uuid:uid>/"),
    *contact.POINTS_ROOM.routes("contact/points/"),
    *contact.POINT_ROOM.routes("contact/points/<uuid:uid>/"),
    *contact.SUGGESTIONS_ROOM.routes("contact/suggestions/"),
    *contact.SUGGESTION_ROOM.routes("contact/suggestions/<uuid:uid>/"),
]
