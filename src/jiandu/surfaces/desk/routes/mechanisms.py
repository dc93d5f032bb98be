"""The mechanisms of the net: rounds, talks and the registers beside them."""

from jiandu.surfaces.desk.views import rounds, talks

routes = [
    *rounds.ROUNDS_ROOM.routes("rounds/"),
    *rounds.ROUND_ROOM.routes("rounds/<uuid:uid>/"),
    *talks.TALKS_ROOM.routes("talks/"),
    *talks.TALK_ROOM.routes("talks/<uuid:uid>/"),
]
