"""Reads a PSBT with HWI's code and writes it as version 2. stdin: {"psbt": base64}; stdout: {"psbt": base64}."""
import json
import sys

from hwilib.psbt import PSBT

psbt = PSBT()
psbt.deserialize(json.load(sys.stdin)["psbt"])
if psbt.version != 2:
    psbt.convert_to_v2()
json.dump({"psbt": psbt.serialize()}, sys.stdout)
