"""pyHanko as a judge of copies of level B-LTA, at a time of one's choice (AdES validation, EN 319 102-1, 5.6).

usage: lta.py FILE TIME ROOT.pem...

Prints one JSON object for the seal: its indication, the level of changes after it, and the number of
document timestamps. Nothing is fetched: everything has to be in the file.
"""

import asyncio
import json
import sys
from datetime import datetime

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
from pyhanko_certvalidator.context import CertValidationPolicySpec, ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy, FreshnessReqType
from pyhanko_certvalidator.registry import SimpleTrustManager

# pyHanko asks for the time in several places, whatever it was told.
ValidationTimingInfo.now = classmethod(lambda cls, tz=None: cls(at, at, point_in_time_validation=False))

path, at, roots = sys.argv[1], datetime.fromisoformat(sys.argv[2]), sys.argv[3:]


def policy():
    return CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=list(load_certs_from_pemder(roots))),
        revinfo_policy=CertRevTrustPolicy(
            revocation_checking_policy=REQUIRE_REVINFO,
            freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
        ),
    )


spec = PdfSignatureValidationSpec(
    SignatureValidationSpec(
        cert_validation_policy=policy(),
        ts_cert_validation_policy=policy(),
        # A seal signs with digitalSignature; pyHanko asks for nonRepudiation unless told otherwise.
        key_usage_settings=KeyUsageConstraints(key_usage=set()),
        revinfo_gathering_policy=RevocationInfoGatheringSpec(
            online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
        ),
    )
)
with open(path, "rb") as file:
    reader = PdfFileReader(file, strict=True)
    if reader.encrypted:
        reader.decrypt("")
    signature = reader.embedded_regular_signatures[0]
    outcome = asyncio.run(
        ades.ades_lta_validation(
            signature,
            spec,
        )
    )
    status = outcome.api_status
    print(
        json.dumps(
            {
                "indication": str(outcome.ades_subindic.status).split(".")[-1],
                "reason": str(outcome.ades_subindic).split(".")[-1],
                "failure": outcome.failure_msg,
                "coverage": str(status.coverage).split(".")[-1] if status else None,
                "changes": str(status.modification_level).split(".")[-1] if status else None,
                "bottom_line": bool(status and status.bottom_line),
                "timestamps": len(reader.embedded_timestamp_signatures),
            }
        )
    )
