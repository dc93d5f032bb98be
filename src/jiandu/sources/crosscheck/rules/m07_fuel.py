"""M07 公车加油: fuel that the tank cannot hold, the wrong card, day, place or product, or a car that was elsewhere."""

from collections.abc import Callable
from datetime import datetime, timedelta

from jiandu.base.engine.columns import literal, previous, seconds, together, where
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.parts import NONE, Hits, listed, practice, titled
from jiandu.sources.crosscheck.rule import GREEN, RED, YELLOW, Case, Given, Param, Row, Rule, edge

PRACTICE = practice("公务用车加油、定位数据比对（天津滨海、浙江等地做法）")
METRES = 111_320.0  # of a degree of latitude
RADIAN = 0.017453292519943295


def fills(g: Given, *columns: str) -> Expr:
    """Fills of official cars, with what the register of cars says."""
    car = g.official_car.select("plate", "unit", "tank_l", "fuel_kind", "home")
    return g.fuel.select("fill_id", "plate", "at", *columns).join(car, "plate").mutate(place=lambda rows: rows.unit)


def too_much(g: Given) -> Expr:
    """More than the tank holds."""
    car = g.official_car.select("plate", "unit", "tank_l", most_l=g.official_car.tank_l + g.p.spare_l)
    found = g.fuel.select("fill_id", "plate", "at", "litre").join(car, "plate")
    return found.filter(found.litre > found.most_l).mutate(place=found.unit)


def too_soon(g: Given) -> Expr:
    """Two fills within hours, together more than the tank holds, each alone not."""
    found = fills(g, "litre")
    window = previous(["plate"], ["at", "fill_id"])
    found = found.mutate(
        before=found.fill_id.lag().over(window),
        litre_before=found.litre.lag().over(window),
        since=seconds(found["at"]) - seconds(found["at"]).lag().over(window),
    )
    found = found.mutate(sum_l=found.litre + found.litre_before, minutes=(found.since / 60).floor().cast("int64"))
    return found.filter(
        found.since < g.p.hours * 3600, found.sum_l > found.tank_l, found.litre <= found.tank_l, found.litre_before <= found.tank_l
    )  # fmt: skip


def other_car(g: Given) -> Expr:
    """A card that belongs to another car."""
    own = g.official_car.filter(g.official_car.card.notnull())
    own = own.select("card", "unit", card_plate="plate")
    found = g.fuel.select("fill_id", "card", "plate", "at", "litre").join(own, "card")
    return found.filter(found.plate != found.card_plate).mutate(place=found.unit)


def without_trip(g: Given, found: Expr) -> Expr:
    """Of fills those that no trip order covers, with some hours on both sides."""
    trips = g.trip.select("plate", "start_at", "end_at")
    near = found.select("fill_id", "plate", "at").join(trips, "plate")
    spare = g.p.spare_hours * 3600
    covered = near.filter(
        seconds(near["at"]) >= seconds(near.start_at) - spare, seconds(near["at"]) <= seconds(near.end_at) + spare
    )
    return found.anti_join(covered, "fill_id")


def holiday(g: Given) -> Expr:
    """On a holiday, without a trip."""
    found = fills(g, "litre", "is_holiday")
    return without_trip(g, found.filter(found.is_holiday))


def away(g: Given) -> Expr:
    """In another city, without a trip."""
    car = g.official_car.select("plate", "unit", "home")
    found = g.fuel.select("fill_id", "plate", "at", "litre", city="place").join(car, "plate")
    return without_trip(g, found.filter(found.city != found.home).mutate(place=found.unit))


def product(g: Given) -> Expr:
    """Another product than the car takes; what is no fuel for a car of its sort at all is red."""
    found = fills(g, "litre", "kind")
    petrol = listed(g.p.petrol)
    alike = found.kind.isin(petrol) & found.fuel_kind.isin(petrol)
    return found.filter(found.kind != found.fuel_kind).mutate(level=where(alike, GREEN, RED))


def elsewhere(g: Given) -> Expr:
    """Every fix of the car around the time of the fill is far from the station; the nearest counts."""
    width = g.p.minutes * 60
    placed = g.fuel.filter(g.fuel.lat.notnull(), g.fuel.lon.notnull())
    placed = placed.select("fill_id", "plate", "lat", "lon", sec=seconds(placed["at"]))
    first = placed.mutate(slot=slot(placed.sec - width, 2 * width))
    around = together(first, first.mutate(slot=first.slot + 1))  # a stretch of two widths lies in two slots of as much
    fix = g.gps.select("plate", lat_car="lat", lon_car="lon", sec_car=seconds(g.gps["at"]))
    fix = fix.mutate(slot=slot(fix.sec_car, 2 * width))
    pairs = around.join(fix, ["plate", "slot"])
    pairs = pairs.filter((pairs.sec - pairs.sec_car).abs() <= width)
    pairs = pairs.mutate(square=square(pairs.lat, pairs.lon, pairs.lat_car, pairs.lon_car))
    nearest = pairs.group_by("fill_id").agg(square=pairs.square.min())
    far = nearest.filter(nearest.square > (g.p.km * 1000.0) ** 2)
    return fills(g, "station").join(far, "fill_id").mutate(km=(far.square.sqrt() / 1000.0).floor().cast("int64"))


def slot(sec: Expr, width: int) -> Expr:
    """The number of the stretch of time."""
    return (sec / width).floor().cast("int64")


def square(lat: Expr, lon: Expr, lat_b: Expr, lon_b: Expr) -> Expr:
    """Square of the distance in metres; the cosine by its series, since sums and products are the same in every engine."""
    angle = (lat + lat_b) * (RADIAN / 2)
    turn = angle * angle
    cosine = literal(1.0) - turn / 2.0 + turn * turn / 24.0 - turn * turn * turn / 720.0
    north, east = (lat - lat_b) * METRES, (lon - lon_b) * METRES * cosine
    return north * north + east * east


def rule(
    title: str, hits: Callable[[Given], Expr], said: tuple[str, str], *cases: Case,
    level: str = YELLOW, tables: tuple[str, ...] = (), **params: Param,
) -> Rule:  # fmt: skip
    """One sign; a hit is one fill."""
    return Rule(
        *titled(title),
        level=level,
        tables=("fuel", "official_car", *tables),
        key=("fill_id",),
        hits=hits,
        params=params,
        basis=(PRACTICE,),
        sentence=said[0],
        blind=said[1],
        behind={"fuel": {"fill_id": "fill_id"}, "official_car": {"plate": "plate"}},
        cases=cases,
    )


HIT: Hits = (("F1",),)
CAR: Row = {"plate": "P1", "unit": "U1", "card": "K1"}
FILL: Row = {"fill_id": "F1", "plate": "P1", "card": "K1"}
at = datetime.fromisoformat
TEN = at("2024-03-05 10:00")


def case(words: str, hits: Hits, fill: Row, car: Row | None = None, **more: tuple[Row, ...]) -> Case:
    """One fill of one car."""
    return Case(
        words,
        {"official_car": ({**CAR, **(car or {})},), "fuel": ({**FILL, **fill},), **more},
        hits,
    )


def two(words: str, hits: Hits, litres: tuple[float, float], apart: timedelta, tank: float = 60.0) -> Case:
    """Two fills of one car, so far apart."""
    rows = tuple(
        {**FILL, "fill_id": name, "litre": litre, "at": at}
        for name, litre, at in zip(("F0", "F1"), litres, (TEN, TEN + apart), strict=True)
    )
    return Case(words, {"official_car": ({**CAR, "tank_l": tank},), "fuel": rows}, hits)


def fixes(*them: tuple[int, float]) -> tuple[Row, ...]:
    """Fixes so many minutes from the fill, so many degrees north of the station."""
    return tuple({"plate": "P1", "at": TEN + timedelta(minutes=late), "lat": 24.5 + north} for late, north in them)


def trip(start: datetime, end: datetime) -> tuple[Row, ...]:
    """One trip order of the car."""
    return ({"plate": "P1", "start_at": start, "end_at": end},)


DAY = trip(at("2024-03-05 08:00"), at("2024-03-05 18:00"))
SPARE = Param(2, "派车单前后放宽几小时")

RULES = (
    rule(
        "M07-1 加油量超过油箱容积", too_much,
        ("{plate}于{at}加油{litre}升，油箱容积{tank_l}升。",
         "看不见改装油箱、带桶加油的批准；车辆登记的油箱容积错了会误报。",),
        case("70升的箱加90升", HIT, {"litre": 90.5}),
        edge(case("多0.01升", HIT, {"litre": 70.01})),
        edge(case("正好加满", NONE, {"litre": 70.0})),
        case("加了半箱", NONE, {"litre": 35.0}),
        level=RED, spare_l=Param(0.0, "允许超出多少升"),
    ),
    rule(
        "M07-2 短时间两次加油合计超过油箱", too_soon,
        ("{plate}于{at}加油，与前一次（{before}）相隔{minutes}分钟，两次合计{sum_l}升，油箱容积{tank_l}升。",
         "看不见两次之间跑了多远，长途要看里程；一次就超的见 M07-1。",),
        two("60升的箱，30.75加56.6", HIT, (30.75, 56.6), timedelta(hours=2)),
        edge(two("相隔差一秒四小时", HIT, (40.0, 40.0), timedelta(hours=4, seconds=-1))),
        edge(two("正好相隔四小时", NONE, (40.0, 40.0), timedelta(hours=4))),
        edge(two("合计正好一箱", NONE, (30.0, 30.0), timedelta(hours=1))),
        two("第二天再加", NONE, (40.0, 40.0), timedelta(hours=26)),
        hours=Param(4, "多少小时以内"),
    ),
    rule(
        "M07-3 车卡不符", other_car,
        ("{card_plate}的加油卡{card}于{at}给{plate}加油{litre}升。",
         "看不见一时借卡的审批；车牌识别错误会误报。",),
        Case("别的公车",
             {"official_car": (CAR, {"plate": "P2", "card": "K2"}), "fuel": ({**FILL, "plate": "P2"},)}, (("F1",),)),
        Case("车不在公车名册", {"official_car": (CAR,), "fuel": ({**FILL, "plate": "P9"},)}, (("F1",),)),
        edge(case("自己的车", NONE, {})),
        Case("不认识的卡", {"official_car": (CAR,), "fuel": ({**FILL, "card": "K9"},)}),
        level=RED,
    ),
    rule(
        "M07-4 节假日加油无派车单", holiday,
        ("{plate}于节假日{at}加油{litre}升，没有派车单。",
         "值班、应急用车事后补单的要看记录。",),
        case("没有派车单", HIT, {"is_holiday": True}),
        case("有派车单", NONE, {"is_holiday": True}, trip=DAY),
        edge(case("收车两小时零一秒以后", HIT, {"is_holiday": True, "at": at("2024-03-05 20:00:01")}, trip=DAY)),
        edge(case("收车正好两小时", NONE, {"is_holiday": True, "at": at("2024-03-05 20:00")}, trip=DAY)),
        case("平日", NONE, {}),
        tables=("trip",), spare_hours=SPARE,
    ),
    rule(
        "M07-5 外地加油无派车单", away,
        ("{plate}于{at}在{city}加油{litre}升，车辆属地{home}，没有派车单。",
         "看不见长期驻外、异地挂职的批准。",),
        case("外地，没有派车单", HIT, {"place": "泉州"}),
        case("别的日子的派车单", HIT, {"place": "泉州", "at": at("2024-03-07 10:00")}, trip=DAY),
        edge(case("出车前正好两小时", NONE, {"place": "泉州", "at": at("2024-03-05 06:00")}, trip=DAY)),
        edge(case("出车前两小时零一秒", HIT, {"place": "泉州", "at": at("2024-03-05 05:59:59")}, trip=DAY)),
        case("本地", NONE, {}),
        tables=("trip",), spare_hours=SPARE,
    ),
    rule(
        "M07-6 油品与车辆不符", product,
        ("{plate}于{at}加油记录的品名是“{kind}”（数量{litre}），车辆登记的油品是“{fuel_kind}”。",
         "同类汽油换标号多为油站缺货，只作绿色提示；车辆登记的油品错了会误报。",),
        case("汽油车加柴油", HIT, {"kind": "0"}),
        case("加油卡买商品", HIT, {"kind": "便利店商品"}),
        case("92换95", HIT, {"kind": "95"}),
        edge(case("油品相符", NONE, {"kind": "95"}, {"fuel_kind": "95"})),
        case("没有登记品名", NONE, {"kind": None}),
        level=RED, petrol=Param("89,92,95,98", "同类的汽油标号"),
    ),
    rule(
        "M07-7 加油时车不在加油站", elsewhere,
        ("{plate}于{at}在{station}加油，前后定位离加油站最近也有{km}公里。",
         "看不见定位漂移和换装设备；没有定位的时段不判断。",),
        case("离站54公里", HIT, {"at": TEN, "station": "S1"}, gps=fixes((5, 0.49), (-20, 0.6))),
        edge(case("五公里多一点", HIT, {"at": TEN, "station": "S1"}, gps=fixes((0, 0.0450)))),
        edge(case("五公里不到", NONE, {"at": TEN}, gps=fixes((0, 0.0449)))),
        case("有一次定位在站里", NONE, {"at": TEN}, gps=fixes((-25, 0.0), (10, 0.3))),
        edge(case("正好在三十分钟上", HIT, {"at": TEN, "station": "S1"}, gps=fixes((30, 0.3)))),
        case("定位太早，不判断", NONE, {"at": TEN}, gps=fixes((-31, 0.3))),
        level=RED, tables=("gps",), km=Param(5.0, "离站超过多少公里"), minutes=Param(30, "前后多少分钟的定位"),
    ),
)  # fmt: skip
