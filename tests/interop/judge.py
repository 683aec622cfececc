"""pyHanko as a judge of sealed copies: one JSON request a line on stdin, one JSON answer a line on stdout.

validate  {"op": "validate", "file": PATH, "roots": [PEM, ...]}
          what pyHanko finds of every signature in the file; strict reading first, then tolerant.
restore   {"op": "restore", "source": PATH, "copy": PATH, "out": PATH}
          writes the copy plus one revision that gives every page its original boxes back, so that
          the content can be compared pixel for pixel.

An answer with "error" means that pyHanko could not do it; the text says why.
"""

import io
import json
import logging
import re
import signal
import subprocess
import sys

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

SECONDS_PER_REQUEST = 120
BOXES = ["/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"]
INHERITABLE = {"/MediaBox", "/CropBox"}


def open_reader(path, strict):
    with open(path, "rb") as file:
        reader = PdfFileReader(io.BytesIO(file.read()), strict=strict)
    if reader.encrypted:
        reader.decrypt("")
    return reader


def strict_then_tolerant(work):
    """Runs `work(strict)` strictly; what fails strictly may still pass tolerantly, and says so."""
    try:
        return {**work(True), "strict": True}
    except Exception as strict_failure:
        return {**work(False), "strict": False, "strict_failure": describe(strict_failure)}


def describe(error):
    return f"{type(error).__name__}: {error}"[:300]


# --- validate -------------------------------------------------------------------------------


def validate(request):
    return strict_then_tolerant(
        lambda strict: validate_file(request["file"], request["roots"], strict)
    )


def validate_file(path, roots, strict):
    reader = open_reader(path, strict)
    signatures = []
    for signature in reader.embedded_regular_signatures:
        context = ValidationContext(
            trust_roots=list(load_certs_from_pemder(roots)), allow_fetching=False
        )
        status = validate_pdf_signature(signature, context)
        signatures.append(
            {
                "field": signature.field_name,
                "intact": status.intact,
                "valid": status.valid,
                "trusted": status.trusted,
                "trust_problem": str(status.trust_problem_indic or ""),
                "coverage": status.coverage.name,
                "modification": getattr(status.modification_level, "name", "NONE"),
                "docmdp_ok": status.docmdp_ok,
                "docmdp": getattr(signature.docmdp_level, "value", None),
                "bottom_line": status.bottom_line,
                "signer": status.signing_cert.subject.human_friendly,
            }
        )
    return {
        "signatures": signatures,
        "others": len(reader.embedded_signatures) - len(signatures),
        "hybrid": reader.xrefs.hybrid_xrefs_present,
    }


# --- restore --------------------------------------------------------------------------------


def restore(request):
    return strict_then_tolerant(
        lambda strict: restore_file(request["source"], request["copy"], request["out"], strict)
    )


def restore_file(source_path, copy_path, out_path, strict):
    with open(copy_path, "rb") as file:
        writer = IncrementalPdfFileWriter(io.BytesIO(file.read()), strict=strict)
    if writer.prev.encrypted:
        writer.encrypt("")
    # pyHanko rewrites the metadata of whatever it writes, and fails on metadata that is no XML.
    writer.root.pop("/Metadata", None)
    writer.update_root()
    originals = original_boxes(source_path, strict)
    for number, boxes in enumerate(originals):
        reference, _ = writer.find_page_for_modification(number)
        page = reference.get_object()
        for name in BOXES:
            if name in boxes:
                page[generic.pdf_name(name)] = generic.ArrayObject(boxes[name])
            elif name in page:
                del page[name]
        writer.mark_update(reference)
    with open(out_path, "wb") as out:
        writer.write(out)
    return {"pages": len(originals)}


def original_boxes(path, strict):
    try:
        reader = open_reader(path, strict)
        pages = int(reader.root["/Pages"]["/Count"])
        return [boxes_of(reader, number) for number in range(pages)]
    except Exception:
        if strict:
            raise
        return boxes_by_poppler(path)


def boxes_of(reader, number):
    reference, _ = reader.find_page_for_modification(number)
    page = reference.get_object()
    boxes = {}
    for name in BOXES:
        value = inherited(page, name) if name in INHERITABLE else page.get(name)
        if value is not None:
            boxes[name] = [side.get_object() for side in value]
    # A page without a crop box shows its media box; say so, whatever the copy's page tree says.
    boxes.setdefault("/CropBox", boxes["/MediaBox"])
    return boxes


def inherited(node, name):
    for _ in range(50):
        if name in node:
            return node[name]
        if "/Parent" not in node:
            return None
        node = node["/Parent"]
    return None


def boxes_by_poppler(path):
    """For sources that pyHanko cannot read: poppler's opinion, rounded to a hundredth of a point."""
    listing = subprocess.run(
        ["pdfinfo", "-box", "-l", "-1", path], capture_output=True, check=True, text=True
    ).stdout
    pages = {}
    for number, name, sides in re.findall(r"^Page +(\d+) (\w+Box):(.*)$", listing, re.MULTILINE):
        sides = [generic.FloatObject(side) for side in sides.split()]
        pages.setdefault(int(number), {})["/" + name] = sides
    return [pages[number] for number in sorted(pages)]


# --- the line protocol ----------------------------------------------------------------------

OPERATIONS = {"validate": validate, "restore": restore}


def out_of_time(_signal, _frame):
    raise TimeoutError(f"more than {SECONDS_PER_REQUEST} s")


def main():
    logging.disable(logging.CRITICAL)
    signal.signal(signal.SIGALRM, out_of_time)
    for line in sys.stdin:
        request = json.loads(line)
        signal.alarm(SECONDS_PER_REQUEST)
        try:
            answer = OPERATIONS[request["op"]](request)
        except Exception as error:
            answer = {"error": describe(error)}
        finally:
            signal.alarm(0)
        print(json.dumps(answer), flush=True)


main()
