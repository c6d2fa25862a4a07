"""What payments announces to the rooms above it, which it does not know."""

from blinker import Signal

# Sent inside the transaction in which an order becomes fully paid, once per order:
# ``order_paid.send(order, actor=actor)``. What a receiver raises undoes the payment's transaction,
# and the gateway will report it again.
order_paid = Signal()

# Sent inside the transaction in which a refund is granted: ``refund_granted.send(case, actor=actor)``.
# The registrations named in ``case.subjects`` do not take the exam any more.
refund_granted = Signal()
