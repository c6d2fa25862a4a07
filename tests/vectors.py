"""The test vectors of the Taiwanese rules, as the reference hands them over."""

import json
from pathlib import Path
from typing import Any

TAIWAN: dict[str, Any] = json.loads((Path(__file__).parent / "data/taiwan_vectors.json").read_text("utf-8"))
