"""Signatures judged long after they were made: makes the files, and has pyHanko judge them.

usage: past.py SOURCE.pdf FOLDER

Writes FOLDER/ROW.pdf for every situation and FOLDER/root.pem, the only anchor; prints one JSON object a line:
the row, the time as of which it is judged, and what pyHanko says. The files are made with pyHanko and
Certomancer, because a sealer of ours would refuse to make most of them.
"""

import json
import sys
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import ades
from asn1crypto import core, keys, ocsp
from asn1crypto import x509 as asn1
from asn1crypto.crl import CertificateList
from certomancer.services import RevocationInfoInterface, SimpleOCSPResponder
from certomancer.services import TimeStamper as Stamper
from certomancer.services import choose_signed_digest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.utils import CMSAlgorithmUsagePolicy
from pyhanko_certvalidator.policy_decl import AlgorithmUsageConstraint
from pyhanko_certvalidator.registry import SimpleCertificateStore

source, folder = Path(sys.argv[1]).read_bytes(), Path(sys.argv[2])
DER = serialization.Encoding.DER
ROOM = 8192
STAMPS, RESPONDS = ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.OCSP_SIGNING
# pyHanko looks for an OCSP response only if a responder is announced. Nobody asks there.
RESPONDER = x509.UniformResourceIdentifier("http://ocsp.example.invalid/")
ANNOUNCED = x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, RESPONDER)])


def day(text):
    """Noon of a day."""
    return datetime.fromisoformat(text).replace(hour=12, tzinfo=timezone.utc)


class Holder:
    """A certificate and its key."""

    def __init__(self, name, issuer=None, life=("2010-01-01", "2045-01-01"), key=None, purpose=None, authority=False):
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.issuer = issuer or self
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.issuer.cert.subject if issuer else subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(day(life[0]))
            .not_valid_after(day(life[1]))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(not authority, False, False, False, False, authority, authority, False, False), True
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), False)
        )
        if issuer:
            builder = builder.add_extension(ANNOUNCED, critical=False)
        if purpose:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
        if purpose == RESPONDS:
            builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
        self.cert = builder.sign(self.issuer.key, hashes.SHA256())

    @property
    def asn1(self):
        return asn1.Certificate.load(self.cert.public_bytes(DER))

    @property
    def asn1_key(self):
        form = serialization.PrivateFormat.PKCS8
        return keys.PrivateKeyInfo.load(self.key.private_bytes(DER, form, serialization.NoEncryption()))


root = Holder("root", authority=True)
authority = Holder("authority", root, authority=True)
stranger = Holder("stranger", authority=True)
clock = Holder("clock", root, ("2018-01-01", "2040-01-01"), purpose=STAMPS)
short_clock = Holder("short clock", root, ("2018-01-01", "2021-12-31"), purpose=STAMPS)
SHORT = ("2020-01-01", "2022-01-01")
signer = Holder("signer", authority, SHORT)
elsewhere = Holder("elsewhere", stranger, SHORT)
classic = Holder("classic", authority, ("2020-01-01", "2035-01-01"), key=rsa.generate_private_key(65537, 2048))
# pyHanko's past validation asks an issuer that answers itself for its own revocation; delegates need none.
RESPONDERS = {issuer: Holder("responder", issuer, purpose=RESPONDS) for issuer in (root, authority, stranger)}
late_responder = Holder("late responder", authority, ("2018-01-01", "2019-01-01"), purpose=RESPONDS)


class Said(RevocationInfoInterface):
    """One answer."""

    def __init__(self, issuer, status):
        self.issuer, self.status = issuer, status

    def get_issuer_cert(self):
        return self.issuer.asn1

    def check_revocation_status(self, cid, at_time):
        return self.status, []


GOOD = ocsp.CertStatus("good", core.Null())
UNKNOWN = ocsp.CertStatus("unknown", ocsp.StatusUnknown())


def revoked(at, reason="cessation_of_operation"):
    return ocsp.CertStatus("revoked", ocsp.RevokedInfo({"revocation_time": day(at), "revocation_reason": reason}))


def answer(holder, at, status=GOOD, responder=None):
    """An OCSP response of a day, good for a week."""
    issuer = holder.issuer
    responder = responder or RESPONDERS[issuer]
    response = SimpleOCSPResponder(
        responder.asn1,
        responder.asn1_key,
        choose_signed_digest("sha256", responder.asn1.public_key),
        day(at),
        Said(issuer, status),
        timedelta(days=7),
    )
    cid = ocsp.CertId(
        {
            "hash_algorithm": {"algorithm": "sha1"},
            "issuer_name_hash": issuer.asn1.subject.sha1,
            "issuer_key_hash": issuer.asn1.public_key.sha1,
            "serial_number": holder.asn1.serial_number,
        }
    )
    return response.assemble_simple_ocsp_responses([response.format_single_ocsp_response(cid, issuer.asn1)])


def listed(holder, at, since, reason, invalid_since):
    """A list of a day on which a certificate stands."""
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(holder.cert.serial_number)
        .revocation_date(day(since))
        .add_extension(x509.CRLReason(reason), False)
        .add_extension(x509.InvalidityDate(day(invalid_since)), False)
        .build()
    )
    key = x509.AuthorityKeyIdentifier.from_issuer_public_key(holder.issuer.key.public_key())
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(holder.issuer.cert.subject)
        .last_update(day(at))
        .next_update(day(at) + timedelta(days=7))
        .add_revoked_certificate(entry)
        .add_extension(key, False)
        .add_extension(x509.CRLNumber(1), False)
        .sign(holder.issuer.key, hashes.SHA256())
    )
    return made.public_bytes(DER)


class TimeStamper(timestamps.TimeStamper):
    """Stamps with these times, one after the other."""

    def __init__(self, *times, who=clock):
        super().__init__()
        self.times, self.who = list(times), who

    async def async_request_tsa_response(self, req):
        at = day(self.times.pop(0))
        return Stamper(self.who.asn1, self.who.asn1_key, fixed_dt=at).request_tsa_response(req)


class Signer(signers.SimpleSigner):
    """Stamps its signatures or leaves it."""

    stamps = True

    async def unsigned_attrs(self, *args, **kwargs):
        return await super().unsigned_attrs(*args, **kwargs) if self.stamps else None


def signed(who=signer, stamped=None, content=None, by=clock):
    """The source, signed; with a timestamp of the signature and one of the content that it covers."""
    hand = Signer(who.asn1, who.asn1_key, SimpleCertificateStore.from_certs([authority.asn1]))
    hand.stamps = stamped is not None
    times = [time for time in (content, stamped) if time]
    meta = signers.PdfSignatureMetadata(
        field_name="Signature",
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        cades_signed_attr_spec=CAdESSignedAttrSpec(timestamp_content=content is not None),
    )
    stamper = TimeStamper(*times, who=by) if times else None
    out = signers.PdfSigner(meta, hand, timestamper=stamper).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(source)), bytes_reserved=2 * ROOM
    )
    return out.getvalue()


def with_data(file, *answers, lists=(), certificates=(authority, root)):
    """With validation data."""
    out = BytesIO(file)
    DocumentSecurityStore.add_dss(
        out,
        sig_contents=None,
        certs=[holder.asn1 for holder in certificates],
        ocsps=list(answers),
        crls=[CertificateList.load(der) for der in lists],
    )
    return out.getvalue()


def archived(file, at, by=clock):
    """With a document timestamp."""
    stamper = signers.PdfTimeStamper(TimeStamper(at, who=by))
    out = stamper.timestamp_pdf(IncrementalPdfFileWriter(BytesIO(file)), "sha256", bytes_reserved=2 * ROOM)
    return out.getvalue()


def spoiled(file, old, new):
    assert old in file.lower()
    at = file.lower().index(old)
    return file[:at] + new + file[at + len(old) :]


def kept(who=signer, stamp="2020-06-02", clock_of_stamp=clock):
    """Signed, stamped and archived when all was good."""
    then = "2020-06-03"
    file = signed(who, stamped=stamp, by=clock_of_stamp)
    data = answer(who, then), answer(authority, then), answer(clock_of_stamp, then)
    return archived(with_data(file, *data), then, clock_of_stamp)


def now(at, *answers):
    """What is known on the day of judgement: those above the signer are good; and more."""
    return (answer(authority, at), answer(clock, at), *answers)


def broken_value(file):
    """Another signature value: the last byte of it."""
    signature = PdfFileReader(BytesIO(file)).embedded_signatures[0]
    value = signature.signer_info["signature"].native
    old = value.hex().encode()
    new = (value[:-1] + bytes([value[-1] ^ 1])).hex().encode()
    return spoiled(file, old, new)


COMPROMISE = x509.ReasonFlags.key_compromise
ROWS = {
    "revoked after the timestamp": (
        "2020-10-01",
        lambda at: with_data(kept(), *now(at, answer(signer, at, revoked("2020-09-01")))),
    ),
    "expired after the timestamp": ("2023-01-01", lambda at: with_data(kept(), *now(at))),
    "authority of the timestamp expired after a renewal": (
        "2023-01-01",
        lambda at: with_data(
            archived(
                with_data(
                    kept(clock_of_stamp=short_clock), answer(short_clock, "2021-06-01"), answer(authority, "2021-06-01")
                ),
                "2021-06-01",
            ),
            *now(at),
        ),
    ),
    "authority of the timestamp expired before any renewal": (
        "2023-01-01",
        lambda at: with_data(
            signed(stamped="2020-06-02", by=short_clock),
            answer(signer, "2020-06-03"),
            answer(short_clock, "2020-06-03"),
            *now(at),
        ),
    ),
    "expired without a timestamp, last known good": (
        "2023-01-01",
        lambda at: with_data(signed(), answer(signer, "2021-12-30"), *now(at)),
    ),
    "expired without a timestamp, nothing known": ("2023-01-01", lambda at: with_data(signed(), *now(at))),
    "revoked without a timestamp": (
        "2021-07-01",
        lambda at: with_data(signed(), answer(signer, at, revoked("2021-05-01")), *now(at)),
    ),
    "authority revoked without a timestamp": (
        "2021-07-01",
        lambda at: with_data(signed(), answer(signer, at), answer(authority, at, revoked("2021-05-01"))),
    ),
    "revoked before the timestamp": (
        "2021-07-01",
        lambda at: with_data(signed(stamped="2021-06-02"), answer(signer, at, revoked("2021-05-01")), *now(at)),
    ),
    "content timestamp after the revocation": (
        "2021-07-01",
        lambda at: with_data(signed(content="2021-06-02"), answer(signer, at, revoked("2021-05-01")), *now(at)),
    ),
    "content timestamp after the expiry": (
        "2023-01-01",
        lambda at: with_data(signed(content="2022-06-02"), answer(signer, "2021-12-30"), *now(at)),
    ),
    "no revocation data at all": ("2021-07-01", lambda at: signed()),
    "revocation data that are not fresh": (
        "2021-07-01",
        lambda at: with_data(signed(), answer(signer, "2021-05-01"), *now(at)),
    ),
    "on hold": (
        "2021-07-01",
        lambda at: with_data(signed(), answer(signer, at, revoked("2021-05-01", "certificate_hold")), *now(at)),
    ),
    "a responder that does not know": (
        "2021-07-01",
        lambda at: with_data(signed(), answer(signer, at, UNKNOWN), *now(at)),
    ),
    "a responder outside its validity": (
        "2021-07-01",
        lambda at: with_data(signed(), answer(signer, at, responder=late_responder), *now(at)),
    ),
    "no path to an anchor": ("2021-07-01", lambda at: with_data(signed(elsewhere), *now(at))),
    "algorithm retired without proof": (
        "2030-01-01",
        lambda at: with_data(signed(classic), answer(classic, at), *now(at)),
    ),
    "algorithm retired after the timestamp": (
        "2030-01-01",
        lambda at: with_data(kept(classic), answer(classic, at), *now(at)),
    ),
    "signature older than its certificate": (
        "2021-07-01",
        lambda at: with_data(signed(stamped="2019-06-02"), answer(signer, at), *now(at)),
    ),
    "timestamps that contradict their order": (
        "2021-07-01",
        lambda at: with_data(
            signed(content="2020-06-10", stamped="2020-06-02"), answer(signer, at), *now(at)
        ),
    ),
    "key compromised before the timestamp": (
        "2020-10-01",
        lambda at: with_data(
            kept(), *now(at), lists=[listed(signer, at, "2020-09-01", COMPROMISE, "2020-05-01")]
        ),
    ),
    "content altered": (
        "2021-07-01",
        lambda at: spoiled(with_data(signed(), answer(signer, at), *now(at)), b"/mediabox", b"/MediaBoy"),
    ),
    "value altered": (
        "2021-07-01",
        lambda at: broken_value(with_data(signed(), answer(signer, at), *now(at))),
    ),
    "all in order": ("2021-07-01", lambda at: with_data(signed(stamped="2021-06-30"), answer(signer, at), *now(at))),
}


class Terms(CMSAlgorithmUsagePolicy):
    """RSA with PKCS #1 v1.5 until 2029 (ETSI TS 119 312), everything else here for ever."""

    END = datetime(2029, 1, 1, tzinfo=timezone.utc)

    def digest_algorithm_allowed(self, algo, moment):
        return AlgorithmUsageConstraint(allowed=True)

    def signature_algorithm_allowed(self, algo, moment, public_key):
        if algo.signature_algo == "rsassa_pkcs1v15" and (moment is None or moment >= self.END):
            return AlgorithmUsageConstraint(allowed=False, not_allowed_after=self.END)
        return AlgorithmUsageConstraint(allowed=True)


(folder / "root.pem").write_bytes(root.cert.public_bytes(serialization.Encoding.PEM))
demands = ades.demands([root.asn1], Terms())
for number, (row, (at, make)) in enumerate(ROWS.items()):
    file = make(at)
    # The answers of that day have come by then.
    at = day(at) + timedelta(minutes=5)
    path = folder / f"{number}.pdf"
    path.write_bytes(file)
    ades.set_clock(at)
    try:
        said = ades.judge(BytesIO(file), demands)
    except Exception as error:  # whatever pyHanko objects to is its verdict
        said = {"indication": "ERROR", "reason": f"{type(error).__name__}: {error}"}
    print(json.dumps({"row": row, "file": path.name, "at": at.isoformat(), **said}))
