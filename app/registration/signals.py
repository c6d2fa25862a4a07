"""What registration announces to the rooms above it, which it does not know."""

from blinker import Signal

# Sent inside the transaction in which a candidate's identity data were corrected:
# ``identity_amended.send(registration, actor=actor)``. Whatever shows them is out of date from now on.
identity_amended = Signal()

# Sent inside the transaction in which the day of a round's test was moved (R009):
# ``test_day_moved.send(exam_round, days=days, actor=actor)``; `days` is negative for an earlier day.
test_day_moved = Signal()
