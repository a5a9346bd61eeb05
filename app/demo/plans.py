"""What support contracts of the demo are like: every programme, state and coverage."""

from typing import NamedTuple

from domain.entitlements.model import ActivationPolicy, ContractSharing, ContractStatus, Program
from domain.services.model import ServiceFamily


class Plan(NamedTuple):
    """What a contract is like: its programme, what it covers, its state, and how many days ago it began."""

    name: str
    program: Program
    families: tuple[ServiceFamily, ...]
    began: int = 120
    status: ContractStatus = ContractStatus.ACTIVE
    incidents: int = 20
    hours: bool = False
    used_up: bool = False
    sharing: ContractSharing = ContractSharing.ANY_WITH_IDS
    activation: ActivationPolicy = ActivationPolicy.ON_REQUEST


_EVERYTHING = (ServiceFamily.CLOUD, ServiceFamily.ON_PREMISES)
_CLOUD = (ServiceFamily.CLOUD,)
CORE = Plan("Gold 20Pack", Program.CORE, _EVERYTHING)
PLANS = (
    CORE._replace(hours=True),
    Plan("Silver 5Pack", Program.CORE, _EVERYTHING, incidents=5, used_up=True),
    Plan("Signature Cloud", Program.SCS, _CLOUD, incidents=10, activation=ActivationPolicy.PROACTIVE_ON_RENEWAL),
    CORE._replace(began=430, hours=True),
    Plan("Signature Cloud for Azure", Program.SCS_AZURE, _CLOUD, hours=True),
    Plan("Premises 10Pack", Program.CORE, (ServiceFamily.ON_PREMISES,), incidents=10),
    Plan("Advanced Support", Program.ASFP, _CLOUD, sharing=ContractSharing.OWN_TENANT, incidents=50),
    CORE._replace(name="Gold 20Pack, not yet activated", began=-20, status=ContractStatus.PENDING_ACTIVATION),
    CORE._replace(name="Single service 5Pack", families=(), incidents=5, hours=True),
    CORE._replace(status=ContractStatus.REVOKED, began=60),
    CORE._replace(began=380),
)
