"""The portal-wide background job: what stands in the outbox goes out."""

from app.core import outbox
from app.core.jobs import minutely


@minutely
def deliver_outbox() -> None:
    outbox.deliver_pending()
