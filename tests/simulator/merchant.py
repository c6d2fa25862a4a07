"""A merchant's server as small as one can be: it keeps what it is sent and answers as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from app.payments.gateways.base import Notice
from app.payments.gateways.ecpay import EcpayGateway
from app.payments.gateways.form_body import parse_form_body


class Merchant:
    """What a test sees of the merchant's server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answer = b"1|OK"
        self.received: list[tuple[str, bytes]] = []

    def bodies(self, path: str) -> list[bytes]:
        """Return the bodies posted to a path, in the order in which they came."""
        return [body for at, body in self.received if at == path]

    def notices(self, gateway: EcpayGateway, path: str) -> list[Notice]:
        """Return what came to a path as the gateway client reads it."""
        return [gateway.read_notice(parse_form_body(body)) for body in self.bodies(path)]


@contextmanager
def open_merchant() -> Iterator[Merchant]:
    """Run the merchant's server on a free port while the block lasts."""

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            merchant.received.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", str(len(merchant.answer)))
            self.end_headers()
            self.wfile.write(merchant.answer)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    merchant = Merchant(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield merchant
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
