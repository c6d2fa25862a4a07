"""What payments announces to the rooms above it, which it does not know."""

from blinker import Signal

# Sent inside the transaction in which an order becomes fully paid, once per order:
# ``order_paid.send(order, actor=actor)``. What a receiver raises undoes the payment's transaction,
# and the gateway will report it again.
order_paid = Signal()
