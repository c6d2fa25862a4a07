"""What registration announces to the rooms above it, which it does not know."""

from blinker import Signal

# Sent inside the transaction in which a candidate's identity data were corrected:
# ``identity_amended.send(registration, actor=actor)``. Whatever shows them is out of date from now on.
identity_amended = Signal()
