"""import map FILE.geojson: the installation's own boundaries of districts and towns, for the map of its villages."""

import argparse
from pathlib import Path

from django.db import transaction

from jiandu.base.core import guard
from jiandu.net.subjects.boundaries import Drawn, load_boundaries
from jiandu.surfaces.console.output import Failed, answer

SHOWN = 20


def import_map(args: argparse.Namespace) -> int:
    """Says what a file would draw, and keeps it with --commit; all or nothing."""
    path = Path(args.file)
    if not path.is_file():
        raise Failed([{"reason": f"没有这个文件 · no such file: {args.file}"}])
    with guard.acting(guard.system("import map")) as by, transaction.atomic():
        drawn = load_boundaries(path, by=by)
        if not args.commit:
            transaction.set_rollback(True)
    said = {
        "drawn": [{"code": region.code, "name": region.name} for region in drawn.outlines],
        "points": drawn.spots,
        "metres": round(11.1 * drawn.step),
        "beside": list(drawn.beside),
        "committed": args.commit,
    }
    answer(said, _words(drawn, is_final=args.commit), as_json=args.json)
    return 0


def _words(drawn: Drawn, *, is_final: bool) -> list[str]:
    head = "已导入 · imported" if is_final else "预览，未写入 · preview, nothing written"
    names = [region.name for region in drawn.outlines]
    more = "……" if len(names) > SHOWN else ""
    lines = [
        f"{head}：{len(names)} 个区划 · divisions（{'、'.join(names[:SHOWN])}{more}）",
        f"简化到约 {round(11.1 * drawn.step)} 米，{drawn.spots} 个点 · simplified to about {round(11.1 * drawn.step)} m, {drawn.spots} points",
    ]
    beside = f"不是区县或镇街，未用 · neither district nor town, not used：{'、'.join(drawn.beside[:SHOWN])}"
    return [*lines, *([beside] if drawn.beside else [])]
