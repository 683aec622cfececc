"""pyHanko's AdES validation with archival data (EN 319 102-1, 5.6) at a time of one's choice, from a file alone.

pyHanko takes the time as an argument and asks the clock in several places all the same: for the first control
time of past validation, and for whatever nothing proves the age of. A judge that is told another time has to
have another clock.
"""

import asyncio
import dataclasses
import datetime as real

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import ades
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import context
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv import ades_past, poe, types
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy, FreshnessReqType
from pyhanko_certvalidator.registry import SimpleTrustManager


def set_clock(at):
    """From now on pyHanko's clock stands at this time."""

    class Then(real.datetime):
        @classmethod
        def now(cls, tz=None):
            return at.astimezone(tz)

    for module in (ades, ades_past, context, poe, types):
        module.datetime = Then


def demands(roots, algorithms=None):
    """Nothing is fetched; every certificate below these roots needs revocation data of its time."""

    def policy():
        return CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(trust_roots=list(roots)),
            revinfo_policy=CertRevTrustPolicy(
                revocation_checking_policy=REQUIRE_REVINFO,
                freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
            ),
            algorithm_usage_policy=algorithms,
        )

    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=policy(),
            ts_cert_validation_policy=policy(),
            # A seal signs with digitalSignature; pyHanko asks for nonRepudiation unless told otherwise.
            key_usage_settings=KeyUsageConstraints(key_usage=set()),
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
            signature_algorithm_policy=algorithms,
        )
    )


def has_timestamp(signature):
    attributes = signature.signer_info["unsigned_attrs"]
    return any(attribute["type"].native == "signature_time_stamp_token" for attribute in attributes)


async def basic(signature, spec):
    """Basic validation (5.3) with the data in the file. What comes above it is only for stamped signatures."""
    knowledge = ades._dss_to_local_knowledge(signature.reader)
    return await ades.ades_basic_validation(
        signature.signed_data,
        dataclasses.replace(spec.signature_validation_spec, local_knowledge=knowledge),
        raw_digest=signature.compute_digest(),
    )


def judge(file, spec):
    """What it says of the first signature: indication, sub-indication, reason and status."""
    reader = PdfFileReader(file, strict=True)
    if reader.encrypted:
        reader.decrypt("")
    signature = reader.embedded_regular_signatures[0]
    validation = ades.ades_lta_validation if has_timestamp(signature) else basic
    outcome = asyncio.run(validation(signature, spec))
    status = outcome.api_status
    return {
        "indication": str(outcome.ades_subindic.status).split(".")[-1],
        "reason": str(outcome.ades_subindic).split(".")[-1],
        "failure": outcome.failure_msg and str(outcome.failure_msg),
        "coverage": str(getattr(status, "coverage", None)).split(".")[-1],
        "changes": str(getattr(status, "modification_level", None)).split(".")[-1],
        "bottom_line": bool(status and status.bottom_line),
        "timestamps": len(reader.embedded_timestamp_signatures),
    }


def certificates(paths):
    return list(load_certs_from_pemder(paths))
