"""Every setting of the portal: read from the environment once, checked once.

``python -m scripts.settings`` lists them, ``python -m scripts.settings keys`` prints fresh keys.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.core.crypto import Keyring
from app.core.signing import Signer
from app.core.spreadsheets import Limits

ROOT = Path(__file__).resolve().parent.parent
# ECPay's public stage credentials: good for the simulator and the stage host, never for money.
STAGE_MERCHANT = ("3002607", "pwFHCqoQZGmho4w6", "EkRm7iFT261dpevs")
# What a list may grow to: more would not fit the memory and time that reading it is given.
_MOST_ROWS, _MOST_MEGABYTES = 60_000, 30
_UPLOAD_MEGABYTES = 5  # of any other upload: photographs, documents
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Mode(StrEnum):
    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


# What `make demo` ran with, kept in its instance folder so that commands find the same portal.
DEMO_FILE = "demo.json"


class SettingsError(Exception):
    """The settings do not fit together; the message names the variable and what to put there."""


def setting(name: str, default: str, explains: str) -> Any:
    return field(metadata={"name": name, "default": default, "explains": explains})


@dataclass(frozen=True)
class Settings:
    mode: str = setting("PORTAL_MODE", "production", "production, demo or test")
    base_url: str = setting(
        "PORTAL_BASE_URL",
        "http://127.0.0.1:8000",
        "where people reach the portal; links in mails begin with it",
    )
    callback_url: str = setting(
        "PORTAL_CALLBACK_URL", "", "where gateways reach it, when that differs from PORTAL_BASE_URL"
    )
    instance: str = setting(
        "PORTAL_INSTANCE", str(ROOT / "instance"), "folder for the database, mail and keys of one machine"
    )
    secret_key: str = setting("SECRET_KEY", "", "signs the session cookie; at least 32 random characters")
    field_keys: str = setting(
        "FIELD_KEYS",
        "",
        "keys that seal ID numbers: number:base64 of 32 bytes, comma-separated, the first seals",
    )
    index_key: str = setting("INDEX_KEY", "", "base64 of 32 bytes; key of the blind index over ID numbers")
    signing_keys: str = setting(
        "SIGNING_KEYS",
        "",
        "keys that sign the codes on documents: number:base64 of 32 bytes, comma-separated, the first signs",
    )
    leader_results: str = setting(
        "LEADER_RESULTS", "off", "on: group leaders see and download their members' score reports (R155)"
    )
    sheet_rows: str = setting(
        "SHEET_ROWS", "3000", "filled rows that an uploaded list of people may have, at most 60000"
    )
    sheet_megabytes: str = setting("SHEET_MEGABYTES", "5", "MiB that such a file may have, at most 30")
    database_url: str = setting(
        "DATABASE_URL", "", "SQLAlchemy address; empty: SQLite in the instance folder"
    )
    jobs_url: str = setting(
        "JOBS_URL",
        "",
        "redis://… or postgresql://…; empty: SQLite in the instance folder; immediate: in the request",
    )
    limits_url: str = setting(
        "LIMITS_URL", "memory://", "where rate limits are counted: memory:// or redis://…"
    )
    mail_url: str = setting(
        "MAIL_URL", "", "smtp://user:password@host:587, smtps://…; empty: .eml files in the instance folder"
    )
    mail_sender: str = setting("MAIL_SENDER", "noreply@hakka-exam.example", "the sender of every mail")
    import_rows: str = setting(
        "IMPORT_ROWS", "1000", "a sheet with more rows than this is read by a job, with a progress bar"
    )
    import_kilobytes: str = setting("IMPORT_KILOBYTES", "300", "the same for the size of its file")
    import_days: str = setting(
        "IMPORT_DAYS", "30", "days for which an uploaded sheet is kept after its last row has gone in"
    )
    languages: str = setting(
        "PORTAL_LANGUAGES", "zh,en", "what the pages can be read in, the first by default: zh or zh,en"
    )
    pdf_fonts: str = setting(
        "PDF_FONTS", "", "font files (.ttf, .ttc) in order, separated by colons; empty: the bundled chain"
    )
    ecpay_host: str = setting("ECPAY_HOST", "http://127.0.0.1:8001", "the gateway's host, or the simulator's")
    ecpay_merchant_id: str = setting("ECPAY_MERCHANT_ID", STAGE_MERCHANT[0], "the shop's number at ECPay")
    ecpay_hash_key: str = setting("ECPAY_HASH_KEY", STAGE_MERCHANT[1], "the shop's HashKey")
    ecpay_hash_iv: str = setting("ECPAY_HASH_IV", STAGE_MERCHANT[2], "the shop's HashIV")
    ecpay_retired_keys: str = setting(
        "ECPAY_RETIRED_KEYS",
        "",
        "keys that were replaced: HashKey:HashIV:last day on which messages signed with them are believed "
        "(2023-06-30), comma-separated",
    )
    ecpay_vendor_host: str = setting(
        "ECPAY_VENDOR_HOST",
        "",
        "the host of the reconciliation files; empty: ECPAY_HOST with vendor in the place of payment",
    )
    ecpay_credit_check_code: str = setting(
        "ECPAY_CREDIT_CHECK_CODE", "", "the shop's code for questions about cards, from ECPay's console"
    )
    payment_methods: str = setting(
        "PAYMENT_METHODS",
        "",
        "which gateway takes which method: store_barcode=ecpay,atm=ecpay,…; what is not named is not "
        "offered; empty: each by the first gateway that has it",
    )
    gateway_refunds: str = setting(
        "GATEWAY_REFUNDS",
        "",
        "methods whose refunds go back the way they came, as card,line_pay; empty: none, money orders (R107)",
    )
    line_pay_host: str = setting(
        "LINE_PAY_HOST", "http://127.0.0.1:8001", "LINE Pay's API: https://api-pay.line.me, or the simulator"
    )
    line_pay_channel_id: str = setting(
        "LINE_PAY_CHANNEL_ID", "", "our channel at LINE Pay; empty: LINE Pay is not offered"
    )
    line_pay_channel_secret: str = setting("LINE_PAY_CHANNEL_SECRET", "", "the channel's secret key")
    line_pay_version: str = setting("LINE_PAY_VERSION", "v3", "v3 or v4: how LINE Pay's paths begin")
    bank_company: str = setting(
        "BANK_COMPANY",
        "",
        "our number at Taishin bank (812), 4 or 5 digits: accounts are then issued by the portal itself and "
        "paid as the bank's files say; empty: by ECPay",
    )
    captcha: str = setting(
        "CAPTCHA",
        "",
        "off, image (with sound) or hcaptcha; empty: image in production, off in demo and test",
    )
    hcaptcha_site_key: str = setting("HCAPTCHA_SITE_KEY", "", "the site's key at hCaptcha")
    hcaptcha_secret: str = setting("HCAPTCHA_SECRET", "", "the site's secret at hCaptcha")
    hcaptcha_url: str = setting(
        "HCAPTCHA_URL", "https://api.hcaptcha.com/siteverify", "where hCaptcha says whether an answer is good"
    )
    google_issuer: str = setting(
        "GOOGLE_ISSUER", "https://accounts.google.com", "the OpenID provider behind the Google button"
    )
    google_client_id: str = setting("GOOGLE_CLIENT_ID", "", "our name at Google; empty: no Google button")
    google_client_secret: str = setting("GOOGLE_CLIENT_SECRET", "", "our secret at Google")
    facebook_dialog_url: str = setting(
        "FACEBOOK_DIALOG_URL",
        "https://www.facebook.com/v23.0/dialog/oauth",
        "where the Facebook button leads; a version of Facebook's lives two years",
    )
    facebook_graph_url: str = setting(
        "FACEBOOK_GRAPH_URL", "https://graph.facebook.com/v23.0", "Facebook's Graph API, of the same version"
    )
    facebook_client_id: str = setting(
        "FACEBOOK_CLIENT_ID", "", "our app's number at Facebook; empty: no Facebook button"
    )
    facebook_client_secret: str = setting("FACEBOOK_CLIENT_SECRET", "", "our app's secret at Facebook")
    proxies: str = setting("TRUSTED_PROXIES", "0", "number of proxies in front whose X-Forwarded-For counts")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Return the settings; an unset or empty variable has its default."""
        values = {f.name: environment.get(f.metadata["name"]) or f.metadata["default"] for f in fields(cls)}
        return cls(**values)

    @property
    def demo(self) -> bool:
        return self.mode == Mode.DEMO

    def check(self) -> None:
        """Raise SettingsError when the settings would be unsafe or cannot work together."""
        if self.mode not in set(Mode):
            raise SettingsError(f"PORTAL_MODE is {self.mode!r}; it must be production, demo or test")
        if not self.proxies.isdecimal():
            raise SettingsError(f"TRUSTED_PROXIES is {self.proxies!r}; it must be a number, 0 for none")
        for name in ("import_rows", "import_kilobytes", "import_days"):
            if not getattr(self, name).isdecimal():
                raise SettingsError(f"{name.upper()} is {getattr(self, name)!r}; it must be a number")
        self._check_captcha()
        self._check_line_pay()
        self._check_sheets()
        if self.mode == Mode.PRODUCTION:
            self._check_production()
        if self.mode == Mode.DEMO:
            self._check_demo()

    def _check_production(self) -> None:
        if len(self.secret_key) < 32:
            raise SettingsError("SECRET_KEY must be set to at least 32 random characters in production")
        keys = {
            "FIELD_KEYS": self.field_keys,
            "INDEX_KEY": self.index_key,
            "SIGNING_KEYS": self.signing_keys,
        }
        for name, value in keys.items():
            if not value:
                raise SettingsError(
                    f"{name} must be set in production; `python -m scripts.settings keys` prints fresh ones"
                )
        if not self.base_url.startswith("https://"):
            raise SettingsError("PORTAL_BASE_URL must begin with https:// in production")
        self._check_issuers()
        if not self.mail_url.startswith("smtp"):
            raise SettingsError("MAIL_URL must name an SMTP server in production")
        at_stage = "stage" in self.ecpay_host or urlsplit(self.ecpay_host).hostname in _LOOPBACK
        if at_stage or self.ecpay_hash_key == STAGE_MERCHANT[1]:
            raise SettingsError(
                "ECPAY_HOST and the ECPAY_… keys must be the shop's own in production, not the stage ones"
            )

    def _check_sheets(self) -> None:
        if not self.sheet_rows.isdecimal() or not 1 <= int(self.sheet_rows) <= _MOST_ROWS:
            raise SettingsError(f"SHEET_ROWS is {self.sheet_rows!r}; it must be 1 to {_MOST_ROWS}")
        if not self.sheet_megabytes.isdecimal() or not 1 <= int(self.sheet_megabytes) <= _MOST_MEGABYTES:
            raise SettingsError(
                f"SHEET_MEGABYTES is {self.sheet_megabytes!r}; it must be 1 to {_MOST_MEGABYTES}"
            )

    def _check_captcha(self) -> None:
        if self.captcha_kind not in ("off", "image", "hcaptcha"):
            raise SettingsError(f"CAPTCHA is {self.captcha!r}; it must be off, image or hcaptcha")
        if self.captcha_kind == "hcaptcha" and not (self.hcaptcha_site_key and self.hcaptcha_secret):
            raise SettingsError("HCAPTCHA_SITE_KEY and HCAPTCHA_SECRET must be set for CAPTCHA=hcaptcha")

    def _check_line_pay(self) -> None:
        if self.line_pay_version not in ("v3", "v4"):
            raise SettingsError(f"LINE_PAY_VERSION is {self.line_pay_version!r}; it must be v3 or v4")
        if not self.line_pay_channel_id:
            return
        if not self.line_pay_channel_secret:
            raise SettingsError("LINE_PAY_CHANNEL_SECRET must be set with LINE_PAY_CHANNEL_ID")
        host = urlsplit(self.line_pay_host)
        real = host.scheme == "https" and "sandbox" not in self.line_pay_host
        if self.mode == Mode.PRODUCTION and not (real and host.hostname not in _LOOPBACK):
            raise SettingsError("LINE_PAY_HOST must be LINE Pay's own in production: https://api-pay.line.me")
        if self.mode == Mode.DEMO and host.hostname not in _LOOPBACK:
            raise SettingsError(
                "demo mode talks to the simulator only; LINE_PAY_HOST must be on this machine"
            )

    def _check_issuers(self) -> None:
        issuers = {
            "GOOGLE_ISSUER": self.google_issuer,
            "FACEBOOK_DIALOG_URL": self.facebook_dialog_url,
            "FACEBOOK_GRAPH_URL": self.facebook_graph_url,
        }
        for name, issuer in issuers.items():
            if not issuer.startswith("https://"):
                raise SettingsError(f"{name} must begin with https:// in production")

    def _check_demo(self) -> None:
        # The demo has pages that set the clock and hand out passwords: never for real people or money.
        hosts = (self.ecpay_host, self.ecpay_vendor_host or self.ecpay_host)
        if not {urlsplit(host).hostname for host in hosts} <= _LOOPBACK:
            raise SettingsError(
                "demo mode talks to the gateway simulator only; ECPAY_HOST must be on this machine"
            )
        if self.mail_url and not self.mail_url.startswith("folder:"):
            raise SettingsError("demo mode keeps its mail on this machine; leave MAIL_URL empty")
        if self.base_url.startswith("https://"):
            raise SettingsError(
                "demo mode is for one machine; PORTAL_BASE_URL must not be a public https:// address"
            )

    @property
    def captcha_kind(self) -> str:
        return self.captcha or ("image" if self.mode == Mode.PRODUCTION else "off")

    def flask_config(self) -> dict[str, Any]:
        """Return what Flask and its extensions read."""
        secure = self.base_url.startswith("https://")
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_ENGINES": {"default": self.database_address},
            "SESSION_COOKIE_NAME": "__Host-sid" if secure else "sid",
            "SESSION_COOKIE_SECURE": secure,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "REMEMBER_COOKIE_SECURE": secure,
            "REMEMBER_COOKIE_SAMESITE": "Lax",
            "SESSION_PROTECTION": None,
            "TRUSTED_HOSTS": self._trusted_hosts(),
            # One file and what the form says about it.
            "MAX_CONTENT_LENGTH": (max(int(self.sheet_megabytes), _UPLOAD_MEGABYTES) + 1) << 20,
            "MAX_FORM_MEMORY_SIZE": 500_000,
            "MAX_FORM_PARTS": 1000,
            "WTF_CSRF_TIME_LIMIT": None,
            "RATELIMIT_STORAGE_URI": self.limits_url,
            "RATELIMIT_ENABLED": self.mode != Mode.TEST,
            "BABEL_DEFAULT_LOCALE": "zh_Hant_TW",
            "BABEL_DEFAULT_TIMEZONE": "Asia/Taipei",
            "BOOTSTRAP_SERVE_LOCAL": True,
            "MAIL_SENDER": self.mail_sender,
            "MAIL_DOMAIN": self.mail_sender.rpartition("@")[2],
        }

    def _trusted_hosts(self) -> list[str] | None:
        """Return the only Host names that are answered; None: any, on one machine and in tests."""
        if self.mode != Mode.PRODUCTION:
            return None
        addresses = (self.base_url, self.callback_url)
        return [host for address in addresses if (host := urlsplit(address).hostname)]

    @property
    def database_address(self) -> str:
        return self.database_url or f"sqlite:///{Path(self.instance, 'portal.sqlite')}"

    @property
    def jobs_address(self) -> str:
        return self.jobs_url or f"sqlite:///{Path(self.instance, 'jobs', 'jobs.sqlite')}"

    @property
    def mail_address(self) -> str:
        return self.mail_url or f"folder:{Path(self.instance, 'mail')}"

    def sheet_limits(self) -> Limits:
        """Return how much of an uploaded list of people is read."""
        return Limits.for_size(int(self.sheet_rows), int(self.sheet_megabytes))

    def keyring(self) -> Keyring:
        """Return the keys of FIELD_KEYS and INDEX_KEY; raises SettingsError when one is malformed."""
        keys = _numbered_keys("FIELD_KEYS", self.field_keys)
        return Keyring(active=next(iter(keys)), keys=keys, index_key=_key("INDEX_KEY", self.index_key))

    def signer(self) -> Signer:
        """Return the keys of SIGNING_KEYS; raises SettingsError when one is malformed."""
        keys = _numbered_keys("SIGNING_KEYS", self.signing_keys)
        return Signer(next(iter(keys)), keys)


def new_keys() -> dict[str, str]:
    """Return fresh random values for SECRET_KEY, FIELD_KEYS, INDEX_KEY and SIGNING_KEYS."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "INDEX_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "SIGNING_KEYS": "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def _numbered_keys(name: str, text: str) -> dict[int, bytes]:
    keys = {}
    for entry in text.split(","):
        number, _, value = entry.strip().partition(":")
        if not number.isdecimal() or not 1 <= int(number) <= 255:
            raise SettingsError(f"{name} must be a list like 1:BASE64,2:BASE64 with numbers 1 to 255")
        keys[int(number)] = _key(name, value)
    return keys


def _key(name: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise SettingsError(
            f"{name} must hold 32 bytes in base64; `python -m scripts.settings keys` prints fresh ones"
        )
    return key


def read_environment(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return the environment, completed by the demo's own where `make demo` has set one up.

    A PORTAL_MODE that is set speaks for itself; without one, and without a demo in the instance
    folder, the portal is in production and asks for its settings.
    """
    if environment.get("PORTAL_MODE"):
        return environment
    file = Path(environment.get("PORTAL_INSTANCE") or ROOT / "instance", DEMO_FILE)
    return {**json.loads(file.read_text()), **environment} if file.exists() else environment
