"""Take translations into the catalogue: ``python -m scripts.fill_translations FILE…``.

Each file is a JSON object {Chinese: English}. A wrong text is named and left out; a text that is not in
use is passed over.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from scripts.translations import english, extracted, mistakes, write


def main(files: list[str]) -> int:
    texts, wanted, wrong, unknown = english(), extracted(), 0, 0
    for name in files:
        for text, said in json.loads(Path(name).read_text(encoding="utf-8")).items():
            found = list(mistakes(text, said)) if text in wanted else []
            for mistake in found:
                print(f"{name}: {text!r} {mistake}: {said!r}")
            unknown += text not in wanted
            wrong += bool(found)
            if text in wanted and not found:
                texts[text] = said
    write(texts)
    missing = sum(not said for said in english().values())
    print(f"{len(wanted)} texts in use, {missing} without English; {wrong} wrong, {unknown} not in use")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
