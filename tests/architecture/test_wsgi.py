"""What a web process is when it takes its first request."""

import json
import os
import subprocess
import sys
from pathlib import Path

TELLS = """
import gc, json, sys
from jiandu.project import wsgi
from django.urls import get_resolver
pages = "jiandu.surfaces.desk.views.ledger" in sys.modules
print(json.dumps([gc.get_freeze_count() > 0.9 * (gc.get_freeze_count() + len(gc.get_objects())), gc.get_threshold()[0], pages]))
"""


def test_what_stays_is_loaded_and_is_no_longer_collected(tmp_path: Path) -> None:
    said = os.environ | {"JIANDU_DATA": str(tmp_path), "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", TELLS], env=said, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [True, 50_000, True]
