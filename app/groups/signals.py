"""What the group's verbs announce to whoever has staged rows of the same persons."""

from blinker import Signal

# Sent inside the transaction in which a member came, went or was given another ID number:
# ``members_changed.send(group, blinds=[look-up keys of the ID numbers concerned], actor=actor)``.
members_changed = Signal()
