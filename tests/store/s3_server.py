"""An S3 server for the tests: moto's, behind a door that makes it behave as a real store, or as a bad one.

moto looks whether an object is there and stores it in two steps, so that of two creates at the same moment
both can succeed: the door lets one request in at a time, and `If-None-Match: *` is honoured as it is by a
real store. Each bucket has its manners:

    plain       what is deleted is gone
    versions    keeps what is deleted
    locked      keeps everything for thirty days (object lock, compliance)
    replacing   does not know `If-None-Match`
    unreliable  every third PUT is done and answered 500; every fifth is not done and answered 409

It prints its port. `/-/names/BUCKET` lists the objects, `/-/holds/BUCKET` those of which any version holds
the body of the request; `/-/swap/BUCKET` changes a letter in the one whose name is the body.
"""

import socket
import sys
import threading

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from moto.s3.models import s3_backends
from werkzeug.serving import make_server

BUCKETS = ["plain", "versions", "locked", "replacing", "unreliable"]


def open_bucket(name):
    bucket = s3_backends["123456789012"]["aws"].create_bucket(name, "us-east-1")
    if name in ("versions", "locked"):
        bucket.versioning_status = "Enabled"
    if name == "locked":
        bucket.object_lock_enabled = True
        bucket.default_lock_mode = "COMPLIANCE"
        bucket.default_lock_days = 30
        bucket.default_lock_years = 0
    return bucket


class Door:
    def __init__(self):
        self.inside = DomainDispatcherApplication(create_backend_app)
        self.lock = threading.Lock()
        self.buckets = {name: open_bucket(name) for name in BUCKETS}
        self.puts = 0

    def __call__(self, environ, start_response):
        parts = environ["PATH_INFO"].split("/")
        with self.lock:
            if parts[1] == "-":
                return self.look(parts[2], parts[3], environ, start_response)
            if environ["REQUEST_METHOD"] == "PUT":
                return self.put(parts[1], environ, start_response)
            return list(self.inside(environ, start_response))

    def put(self, bucket, environ, start_response):
        if bucket == "replacing":
            environ.pop("HTTP_IF_NONE_MATCH", None)
        # Where objects are locked a store asks for a checksum; moto for the name of it as well.
        if "HTTP_X_AMZ_CHECKSUM_SHA256" in environ:
            environ["HTTP_X_AMZ_SDK_CHECKSUM_ALGORITHM"] = "SHA256"
        if bucket == "unreliable":
            self.puts += 1
            if self.puts % 5 == 0:
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                return answer(start_response, "409 Conflict", "ConditionalRequestConflict")
            if self.puts % 3 == 0:
                list(self.inside(environ, lambda *_: lambda _: None))
                return answer(start_response, "500 Internal Server Error", "InternalError")
        return list(self.inside(environ, start_response))

    def look(self, what, bucket, environ, start_response):
        versions = [
            (name, key)
            for name, keys in self.buckets[bucket].keys.lists()
            for key in keys
            if hasattr(key, "value")
        ]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if what == "names":
            found = {name for name, _ in versions}
        elif what == "swap":
            found = {body.decode()}
            key = self.buckets[bucket].keys[body.decode()]
            key.value = key.value.replace(b"issued", b"issuer", 1)
        else:
            found = {name for name, key in versions if body in key.value}
        return answer(start_response, "200 OK", "\n".join(sorted(found)))


def answer(start_response, status, body):
    body = body.encode()
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


class Quiet(MotoRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_):
        pass


def main():
    # Nobody needs to know what the name server calls this machine.
    socket.getfqdn = lambda name="": name
    server = make_server("127.0.0.1", 0, Door(), threaded=True, request_handler=Quiet)
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # Ends with the tests that started it, however they end.
    sys.stdin.read()


main()
