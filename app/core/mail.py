"""Mail: composed here, put in the outbox, and delivered to a folder (demo) or an SMTP server."""

from __future__ import annotations

import os
import smtplib
import tempfile
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from flask import current_app

from app.core import clock, outbox
from app.core.messages import Message
from app.core.translation import translate_for


class Transport(Protocol):
    def send(self, identifier: str, message: EmailMessage, /) -> None: ...


class FolderTransport:
    """Writes one ``.eml`` file per message, named by its identifier: delivering twice leaves one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, identifier: str, message: EmailMessage, /) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(handle, "wb") as file:
            file.write(message.as_bytes(policy=SMTP))
        os.replace(temporary, self.folder / f"{identifier}.eml")


class SmtpTransport:
    """Speaks SMTP; ``smtps://`` uses TLS from the start, ``smtp://`` starts it when it is offered."""

    def __init__(self, url: str) -> None:
        self.url = urlsplit(url)

    def send(self, _identifier: str, message: EmailMessage, /) -> None:
        client = smtplib.SMTP_SSL if self.url.scheme == "smtps" else smtplib.SMTP
        with client(self.url.hostname or "", self.url.port or 0, timeout=10) as connection:
            connection.ehlo()
            if self.url.scheme == "smtp" and connection.has_extn("starttls"):
                connection.starttls()
            if self.url.username:
                connection.login(unquote(self.url.username), unquote(self.url.password or ""))
            connection.send_message(message)


def transport_for(url: str) -> Transport:
    """Return the transport for ``folder:PATH``, ``smtp://…`` or ``smtps://…``."""
    scheme, _, rest = url.partition(":")
    if scheme == "folder":
        return FolderTransport(Path(rest))
    if scheme in ("smtp", "smtps"):
        return SmtpTransport(url)
    raise ValueError(f"MAIL_URL must begin with folder:, smtp:// or smtps://, not {scheme}:")


def send_later(
    to: str,
    subject: Message | str,
    *paragraphs: Message | str | tuple[Message, ...],
    language: str | None = None,
) -> None:
    """Put a mail into the outbox of the open unit of work; it goes out after the commit.

    :param paragraphs: several lines of one are a tuple
    :param language: the receiver's, ``zh`` or ``en``; None: not known, so Chinese
    """
    blocks = [each if isinstance(each, tuple) else (each,) for each in paragraphs]
    text = "\n\n".join("\n".join(str(translate_for(language, line)) for line in block) for block in blocks)
    outbox.put("mail", {"to": to, "subject": str(translate_for(language, subject)), "text": text})


@outbox.handler("mail")
def deliver(identifier: str, payload: dict[str, Any]) -> None:
    """Hand one mail to the transport; the identifier makes a second delivery recognisable."""
    message = EmailMessage()
    message["From"] = current_app.config["MAIL_SENDER"]
    message["To"] = payload["to"]
    message["Subject"] = payload["subject"]
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{identifier}@{current_app.config['MAIL_DOMAIN']}>"
    message.set_content(payload["text"])
    transport: Transport = current_app.extensions["mail_transport"]
    transport.send(identifier, message)
