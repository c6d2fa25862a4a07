"""The WSGI entry of the simulator: ``gunicorn simulator.wsgi:app``.

With more than one worker process set ``SIMULATOR_DB``, so that they share one book.
"""

from simulator.app import create_simulator

app = create_simulator()
