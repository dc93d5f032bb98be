"""The mechanisms of the net: rounds, rules, talks and the registers beside them."""

from jiandu.surfaces.desk.views import contact, rounds, rules, talks

routes = [
    *rounds.ROUNDS_ROOM.routes("rounds/"),
    *rounds.ROUND_ROOM.routes("rounds/<uuid:uid>/"),
    *rules.RULES_ROOM.routes("rules/"),
    *rules.RULE_ROOM.routes("rules/<uuid:uid>/"),
    *talks.TALKS_ROOM.routes("talks/"),
    *talks.TALK_ROOM.routes("talks/<uuid:uid>/"),
    *contact.PROBLEMS_ROOM.routes("contact/"),
    *contact.PROBLEM_ROOM.routes("contact/<uuid:uid>/"),
    *contact.POINTS_ROOM.routes("contact/points/"),
    *contact.POINT_ROOM.routes("contact/points/<uuid:uid>/"),
    *contact.SUGGESTIONS_ROOM.routes("contact/suggestions/"),
    *contact.SUGGESTION_ROOM.routes("contact/suggestions/<uuid:uid>/"),
]
