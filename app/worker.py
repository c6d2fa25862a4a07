"""The background worker: ``python -m app.worker``. SIGTERM lets running jobs finish."""

from __future__ import annotations

from app import create_app


def main() -> None:
    huey = create_app().extensions["huey"]
    huey.create_consumer(workers=2, max_delay=1.0, graceful_signal="TERM").run()


if __name__ == "__main__":
    main()
