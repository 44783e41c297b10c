"""Output scripts by embit. stdin: {"descriptor": text, "places": [[branch, index]]}; stdout: [hex]."""
import json
import sys

from embit.descriptor import Descriptor

asked = json.load(sys.stdin)
descriptor = Descriptor.from_string(asked["descriptor"])
places = asked["places"]
json.dump([descriptor.derive(index, branch_index=branch).script_pubkey().data.hex() for branch, index in places], sys.stdout)
