"""Documents that people send in: a PDF, or a picture that is drawn anew (security.md 12)."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from app.core.errors import InvalidValue
from app.core.messages import Message

LARGEST_BYTES = 5 * 1024 * 1024
# What a form may carry besides its files; requests are cut off beyond both.
ROOM_FOR_FIELDS = 1024 * 1024
_MOST_PIXELS = 25_000_000
_LONGEST_SIDE = 4000
MIMETYPES = {"pdf": "application/pdf", "jpg": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Document:
    """:ivar suffix: what the content is, whatever the file was called: ``pdf`` or ``jpg``"""

    suffix: str
    content: bytes


def read_document(content: bytes) -> Document:
    """Return an uploaded PDF as it is, and a JPEG or PNG drawn anew as JPEG.

    What hides in a picture (place, device, a second format) is left behind. A PDF is never opened by us;
    it is only handed on as a file to be saved.

    :raises InvalidValue: when it is empty, larger than 5 MiB, none of the three, or damaged
    """
    if not content:
        raise InvalidValue(Message("檔案是空的，請重新選擇"))
    if len(content) > LARGEST_BYTES:
        raise InvalidValue(Message("檔案超過 5 MB，請縮小或改用較小的照片"))
    if content.startswith(b"%PDF-"):
        return Document("pdf", content)
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return Document("jpg", _drawn_anew(content))
    raise InvalidValue(Message("只收 PDF、JPG 或 PNG 檔，請轉存後再上傳"))


def _drawn_anew(content: bytes) -> bytes:
    drawn = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
                # The header alone tells the size: nothing has been unpacked yet.
                if image.width * image.height > _MOST_PIXELS:
                    raise InvalidValue(Message("照片的尺寸太大，請縮小後再上傳"))
                upright = ImageOps.exif_transpose(image).convert("RGB")
        upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        upright.save(drawn, "JPEG", quality=85)
    except InvalidValue:
        raise
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        raise InvalidValue(Message("這張照片打不開，請重新存檔或重拍後再上傳")) from None
    return drawn.getvalue()
