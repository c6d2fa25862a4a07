"""Lists every setting; with the word ``keys`` prints fresh keys. Works before the portal can start."""

from __future__ import annotations

import sys
from dataclasses import fields

from app.config import Settings, new_keys


def main(arguments: list[str]) -> None:
    if arguments == ["keys"]:
        for name, value in new_keys().items():
            print(f"{name}={value}")
        return
    for item in fields(Settings):
        facts = item.metadata
        print(f"{facts['name']:<22} {facts['explains']}  [{facts['default']}]")


if __name__ == "__main__":
    main(sys.argv[1:])
