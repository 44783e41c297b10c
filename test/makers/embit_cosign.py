"""Signs a PSBT with embit. stdin: {"psbt": base64, "root": extended private key}; stdout: {"psbt": base64}."""
import base64
import json
import sys

from embit.bip32 import HDKey
from embit.psbt import PSBT

asked = json.load(sys.stdin)
psbt = PSBT.parse(base64.b64decode(asked["psbt"]))
if psbt.sign_with(HDKey.from_string(asked["root"])) == 0:
    sys.exit("embit signed nothing")
json.dump({"psbt": base64.b64encode(psbt.serialize()).decode()}, sys.stdout)
