"""The demo mailbox: reads the mail that the portal wrote to its instance folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

_LINK = re.compile(r"https?://[^\s<>「」]+")


@dataclass(frozen=True, slots=True)
class Mail:
    to: str
    subject: str
    text: str
    sent_at: datetime

    @property
    def links(self) -> list[str]:
        return _LINK.findall(self.text)


def read_mail(folder: Path) -> list[Mail]:
    """Return what was mailed, the newest first."""
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    return [_read(file) for file in files]


def _read(file: Path) -> Mail:
    message = message_from_bytes(file.read_bytes(), policy=default)
    return Mail(message["To"], message["Subject"], message.get_content(), message["Date"].datetime)
