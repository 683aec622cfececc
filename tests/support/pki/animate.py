"""Certomancer as time-stamp authority, OCSP responder and CRL server on loopback.

usage: animate.py CERTS-EXAMPLE FOLDER

Answers for the authorities of certs-example (whose keys are in it), and for a time-stamp authority of its own.
Certificates are written to FOLDER/NAME.pem; then the port is printed, and requests are answered until killed.

It is the real thing, steered while it runs by GET /control?NAME=VALUE:
  offset   seconds its clock is ahead
  delay    seconds before each answer
  down     1: every answer is 503
  revoke   the certificate of that name, from now on; `reason` says why, `restore` takes it back
Times are told in whole seconds, because OCSP allows no fractions (RFC 6960, 4.2.2.1).
"""

import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import parse_qsl

from asn1crypto import crl, pem
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from certomancer.registry.issued.general import RevocationStatus
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from werkzeug.serving import WSGIRequestHandler, make_server

examples, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
ORGANISATION = "Consorci Exemple (sense cap valor)"
END = b"-----END CERTIFICATE-----"
LIFE = {"valid-from": "2026-01-01T00:00:00+0000", "valid-to": "2045-01-01T00:00:00+0000"}
LONG = {"valid-from": "2026-01-01T00:00:00+0000", "valid-to": "2049-01-01T00:00:00+0000"}
LATE = {"valid-from": "2040-01-01T00:00:00+0000", "valid-to": "2046-01-01T00:00:00+0000"}
PAST = {"valid-from": "2026-01-01T00:00:00+0000", "valid-to": "2026-01-02T00:00:00+0000"}


def new_key(name):
    key = ec.generate_private_key(ec.SECP256R1())
    (folder / f"{name}.key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return {"path": str(folder / f"{name}.key.pem")}


def usage(*words):
    return {
        "id": "key_usage",
        "critical": True,
        "smart-value": {"schema": "key-usage", "params": list(words)},
    }


def purpose(*words, critical=True):
    return {"id": "extended_key_usage", "critical": critical, "value": list(words)}


AUTHORITY = [
    {"id": "basic_constraints", "critical": True, "value": {"ca": True}},
    usage("key_cert_sign", "crl_sign"),
]
# Said although nobody here asks there: some validators look for an OCSP response only if one is announced.
ANNOUNCED = {
    "id": "authority_information_access",
    "smart-value": {"schema": "aia-urls", "params": {"ocsp-responder-names": ["time-root"]}},
}
STAMPS = [usage("digital_signature"), purpose("time_stamping"), ANNOUNCED]
RESPONDS = [usage("digital_signature"), purpose("ocsp_signing"), {"id": "ocsp_no_check"}]


def entity(name):
    return {"country-name": "ES", "organization-name": ORGANISATION, "common-name": name}


def serial(path):
    text = subprocess.check_output(["openssl", "x509", "-noout", "-serial", "-in", path], text=True)
    return int(text.split("=")[1], 16)


def first(pems):
    """The first certificate of several."""
    return pems[pems.index(b"-----BEGIN") : pems.index(END) + len(END)] + b"\n"


def seal_certificates():
    """The seals of the example organs: name and certificate."""
    for seal in sorted((examples / "seals").iterdir()):
        name = seal.name.split(".")[0]
        if seal.name.endswith(".chain.pem"):
            yield name, first(seal.read_bytes())
        elif seal.suffix == ".p12":
            read = ["openssl", "pkcs12", "-legacy", "-nokeys", "-clcerts", "-in", str(seal)]
            passphrase = f"file:{seal.with_suffix('.pass')}"
            yield name, first(subprocess.check_output([*read, "-passin", passphrase]))


def issued(subject, issuer, extensions, life=LIFE, **more):
    return {"subject": subject, "issuer": issuer, "validity": life, "extensions": extensions, **more}


def existing(subject, issuer, path, key):
    return issued(
        subject, issuer, [], **{"subject-key": key, "serial": serial(path), "certificate-file": str(path)}
    )


def crls(issuer, *names):
    return {
        "for-issuer": issuer,
        "signing-key": issuer,
        "simulated-update-schedule": "PT6H",
        "distribution-point-name": {"extra-urls": list(names)},
    }


def configuration():
    keys = {name: {"path": str(examples / f"authorities/{name}.key.pem")} for name in ("root", "sector-public")}
    authorities_of_time = ["tsa", "tsa-2", "tsa-late", "tsa-expired", "tsa-purpose", "tsa-untrusted"]
    own = ["time-root", "stranger", *authorities_of_time]
    responders = ["ocsp-root", "ocsp-sector-public", "ocsp-time-root"]
    keys.update({name: new_key(name) for name in own + responders})
    entities = {
        "root": entity("Arrel d'Exemple"),
        "sector-public": entity("CA Sector Públic d'Exemple"),
        "time-root": entity("Arrel de Temps d'Exemple"),
        "stranger": entity("Arrel d'Uns Altres"),
    }
    entities.update({name: entity(f"Exemple {name}") for name in authorities_of_time + responders})
    certificates = {
        "root": existing("root", "root", examples / "trust/root.pem", "root"),
        "sector-public": existing("sector-public", "root", examples / "trust/sector-public.pem", "sector-public"),
        "time-root": issued("time-root", "time-root", AUTHORITY, LONG),
        "stranger": issued("stranger", "stranger", AUTHORITY),
        "tsa": issued("tsa", "time-root", STAMPS),
        "tsa-2": issued("tsa-2", "time-root", STAMPS),
        "tsa-late": issued("tsa-late", "time-root", STAMPS, LATE),
        "tsa-expired": issued("tsa-expired", "time-root", STAMPS, PAST),
        "tsa-purpose": issued(
            "tsa-purpose", "time-root", [usage("digital_signature"), purpose("time_stamping", critical=False)]
        ),
        "tsa-untrusted": issued("tsa-untrusted", "stranger", STAMPS),
        "ocsp-root": issued("ocsp-root", "root", RESPONDS),
        "ocsp-sector-public": issued("ocsp-sector-public", "sector-public", RESPONDS),
        "ocsp-time-root": issued("ocsp-time-root", "time-root", RESPONDS, LONG),
    }
    for name, certificate in seal_certificates():
        path = folder / f"{name}.pem"
        path.write_bytes(certificate)
        entities[name] = entity(name)
        certificates[name] = existing(name, "sector-public", path, "sector-public")
    authorities = ["root", "sector-public", "time-root"]
    services = {
        "time-stamping": {
            name: {"signing-cert": name, "certs-to-embed": []} for name in certificates if name.startswith("tsa")
        },
        "ocsp": {
            name: {"for-issuer": name, "responder-cert": f"ocsp-{name}"} for name in authorities
        },
        # The names of the points are those that the certificates of certs-example give.
        "crl-repo": {
            name: crls(name, f"http://crl.example.invalid/{name}.crl") for name in authorities[:2]
        },
    }
    return {
        "keysets": {"example": {"keys": keys}},
        "pki-architectures": {
            "example": {
                "keyset": "example",
                "entities": entities,
                "certs": certificates,
                "services": services,
            }
        },
    }


control = {"offset": 0.0, "delay": 0.0, "down": 0.0}
asked = {}
config = CertomancerConfig(configuration(), key_search_dir="/", config_search_dir="/")
architecture = config.get_pki_arch(ArchLabel("example"))


def now():
    moment = datetime.now(tz=timezone.utc) + timedelta(seconds=control["offset"])
    return moment.replace(microsecond=0)


def steer(query):
    values = dict(parse_qsl(query))
    reason = values.pop("reason", "cessation_of_operation")
    for name, value in values.items():
        if name in ("revoke", "restore"):
            status = RevocationStatus(revoked_since=now(), reason=crl.CRLReason(reason)) if name == "revoke" else None
            object.__setattr__(architecture.get_cert_spec(CertLabel(value)), "revocation", status)
        else:
            control[name] = float(value)


def steered(animator):
    def text(start_response, body):
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body.encode()]

    def answer(environ, start_response):
        path = environ["PATH_INFO"]
        if path == "/control":
            steer(environ.get("QUERY_STRING", ""))
            return text(start_response, "ok\n")
        if path == "/asked":
            return text(start_response, "".join(f"{path} {times}\n" for path, times in asked.items()))
        asked[path] = asked.get(path, 0) + 1
        if control["delay"]:
            time.sleep(control["delay"])
        if control["down"]:
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return []
        environ["HTTP_X_CERTOMANCER_FAKE_TIME"] = now().isoformat()
        return animator(environ, start_response)

    return answer


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_):
        pass


for name in architecture._cert_specs:
    certificate = architecture.get_cert(name).dump()
    (folder / f"{name.value}.pem").write_bytes(pem.armor("CERTIFICATE", certificate))
store = AnimatorArchStore(config.pki_archs)
server = make_server(
    "127.0.0.1", 0, steered(Animator(store, with_web_ui=False)), threaded=True, request_handler=Quiet
)
print(server.server_port, flush=True)
server.serve_forever()
