"""The public vectors of the payment protocols, each with its source (see the file's own head)."""

import json
from pathlib import Path

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "payment_vectors.json").read_text())


def vectors(section: str) -> list[dict]:
    return VECTORS[section]


def vector(section: str, vector_id: str) -> dict:
    return next(entry for entry in VECTORS[section] if entry["id"] == vector_id)
