# mypy: ignore-errors
"""A receiver of webhooks made of others' packages; runs in the peers' interpreter.

Arguments: the secret, then the statuses to answer with, the last one for ever. Prints its port, then a line of JSON
for each call: what ``cloudevents`` read, once ``standardwebhooks`` has verified the signature.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from cloudevents.v1.http import from_http
from standardwebhooks import Webhook, WebhookVerificationError

secret, *statuses = sys.argv[1:]


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = dict(self.headers)
        told = {"id": headers.get("webhook-id"), "content_type": headers.get("content-type")}
        try:
            Webhook(secret).verify(body, headers)
        except WebhookVerificationError as error:
            told["refused"] = str(error)
        else:
            event = from_http(headers, body)
            told |= {"attributes": {k: str(v) for k, v in event.get_attributes().items()}, "data": event.data}
        status = int(statuses.pop(0) if len(statuses) > 1 else statuses[0])
        self.send_response(status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        print(json.dumps({**told, "status": status}), flush=True)

    def log_message(self, *_args):
        pass


server = HTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_port, flush=True)
server.serve_forever()
