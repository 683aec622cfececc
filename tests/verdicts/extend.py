"""Appends a DSS with one certificate and then a document timestamp to a PDF, as other tools do.

extend.py KEY.p12 PASSPHRASE-FILE IN.pdf WITH-DSS.pdf WITH-TIMESTAMP.pdf
"""

import sys

from asn1crypto import keys, x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfTimeStamper, timestamps
from pyhanko.sign.validation.dss import DocumentSecurityStore

container, passphrase, source, with_dss, with_timestamp = sys.argv[1:]
with open(container, "rb") as p12, open(passphrase, "rb") as text:
    key, leaf, others = pkcs12.load_key_and_certificates(p12.read(), text.read().strip())
DER = serialization.Encoding.DER
certificates = [x509.Certificate.load(one.public_bytes(DER)) for one in [leaf, *others]]
private_key = keys.PrivateKeyInfo.load(
    key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
)

with open(source, "rb") as original, open(with_dss, "w+b") as output:
    output.write(original.read())
    DocumentSecurityStore.add_dss(output, sig_contents=None, certs=certificates)

with open(with_dss, "rb") as original, open(with_timestamp, "w+b") as output:
    stamper = timestamps.DummyTimeStamper(certificates[0], private_key, certs_to_embed=None)
    PdfTimeStamper(stamper).timestamp_pdf(
        IncrementalPdfFileWriter(original), "sha256", output=output
    )
