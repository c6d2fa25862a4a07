"""Reads the mail that a test caused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str

    @property
    def links(self) -> list[str]:
        return re.findall(r"https?://\S+", self.text)


class Mailbox:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[Mail]:
        """Return all mails, the oldest first."""
        files = sorted(self.folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [self._read(file) for file in files]

    def last(self) -> Mail:
        return self.all()[-1]

    def _read(self, file: Path) -> Mail:
        message = message_from_bytes(file.read_bytes(), policy=default)
        return Mail(message["To"], message["Subject"], message.get_content())
