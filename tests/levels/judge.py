"""pyHanko as a judge of signature levels: its AdES validation with archival data, from the file alone.

usage: judge.py ANCHOR.pem,... LEVEL=FILE...

Prints a line for each file: `VALID` when the signature passes at that level and has what the level demands
(ETSI EN 319 142-1, 6), or what is wrong. Nothing is fetched. Up to B-T there are no revocation data to ask for.
"""

import asyncio
import sys
from pathlib import Path

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    REQUIRE_REVINFO,
    CertRevTrustPolicy,
    FreshnessReqType,
)
from pyhanko_certvalidator.registry import SimpleTrustManager


def certificate(path):
    return x509.Certificate.load(pem.unarmor(Path(path).read_bytes())[2])


def policy(roots, level):
    if level in ("B-LT", "B-LTA"):
        revocation = CertRevTrustPolicy(
            REQUIRE_REVINFO,
            freshness=None,
            freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
        )
    else:
        revocation = CertRevTrustPolicy(NO_REVOCATION)
    certificates = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=roots), revinfo_policy=revocation
    )
    nothing = RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY)
    return PdfSignatureValidationSpec(
        signature_validation_spec=SignatureValidationSpec(
            cert_validation_policy=certificates,
            ts_cert_validation_policy=certificates,
            revinfo_gathering_policy=nothing,
        ),
        diff_policy=DEFAULT_DIFF_POLICY,
    )


def has_timestamp(signature):
    attributes = signature.signer_info["unsigned_attrs"]
    return [attribute["type"].native for attribute in attributes] == ["signature_time_stamp_token"]


def has_store(reader):
    try:
        return bool(DocumentSecurityStore.read_dss(reader).certs)
    except NoDSSFoundError:
        return False


def judge(roots, level, path):
    with open(path, "rb") as file:
        reader = PdfFileReader(file, strict=True)
        (signature,) = reader.embedded_regular_signatures
        parts = (
            has_timestamp(signature),
            has_store(reader),
            len(reader.embedded_timestamp_signatures) == 1,
        )
        expected = {"B-T": (True, False, False), "B-LT": (True, True, False), "B-LTA": (True, True, True)}
        if parts != expected[level]:
            return f"timestamp, store, document timestamp: {parts}"
        result = asyncio.run(
            ades_lta_validation(signature, policy(roots, level), timing_info=ValidationTimingInfo.now())
        )
        status = result.api_status
        trusted = "INTACT:TRUSTED,TIMESTAMP_TOKEN<INTACT:TRUSTED>"
        if status is not None and status.bottom_line and trusted in status.summary():
            return "VALID"
        return f"{result.ades_subindic}: {result.failure_msg or (status and status.summary())}"


def main():
    roots = [certificate(path) for path in sys.argv[1].split(",")]
    for question in sys.argv[2:]:
        level, path = question.split("=", 1)
        try:
            print(judge(roots, level, path))
        except Exception as error:  # whatever pyHanko objects to is its verdict
            print(f"{type(error).__name__}: {error}".replace("\n", " "))


main()
