"""pyHanko as a judge of copies of level B-LTA, at a time of one's choice (AdES validation, EN 319 102-1, 5.6).

usage: lta.py TIME ROOT.pem,... FILE...

Prints one JSON object a line for the seal of each file: its indication, the level of changes after it, and the
number of document timestamps. Nothing is fetched: everything has to be in the file.
"""

import json
import sys
from datetime import datetime

import ades

at, roots, files = datetime.fromisoformat(sys.argv[1]), sys.argv[2].split(","), sys.argv[3:]
ades.set_clock(at)
demands = ades.demands(ades.certificates(roots))
for path in files:
    with open(path, "rb") as file:
        print(json.dumps(ades.judge(file, demands)))
