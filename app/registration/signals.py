"""What registration announces to the rooms above it, which it does not know."""

from blinker import Signal

# Sent inside the transaction in which a registration is returned for correction:
# ``registration_returned.send(registration, missing=missing)``, with one sentence for each thing missing.
registration_returned = Signal()
