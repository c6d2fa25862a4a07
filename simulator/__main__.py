"""``python -m simulator``: run the gateway simulator on this machine."""

import argparse

from simulator.app import create_simulator


def main() -> None:
    parser = argparse.ArgumentParser(prog="simulator", description="金流模擬器")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    arguments = parser.parse_args()
    create_simulator().run(arguments.host, arguments.port, threaded=True)


main()
