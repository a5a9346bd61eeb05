"""The enums of working time and targets."""

from domain.support.clock import SlaClock, SlaState
from domain.support.opening_hours import Weekday
from resolvers.enums.describe import describe

__all__ = ["SlaClock", "SlaState", "Weekday"]

describe(
    SlaClock,
    "By which time a target is counted.",
    CALENDAR="Round the clock.",
    BUSINESS="The working hours of the region that looks after the ticket.",
)
describe(
    SlaState,
    "How a target stands now.",
    ON_TRACK="There is time.",
    AT_RISK="Three quarters of the time are used up.",
    BREACHED="It was missed, or is overdue.",
    MET="It was met in time.",
    PAUSED="Its clock rests while the vendor's support team waits for an answer.",
)
describe(Weekday, "A day of the week.", **{day.name: day.name.capitalize() + "." for day in Weekday})
