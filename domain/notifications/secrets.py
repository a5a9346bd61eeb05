"""Tokens of devices: kept as a keyed hash to be found by, and encrypted to be used."""

from domain.sealing import Sealing


class DeviceSecrets(Sealing):
    """What platforms give devices to be reached by: whoever has it can make them ring."""

    what = "device token"
