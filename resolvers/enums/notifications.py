"""The enums of notifications."""

from domain.notifications.model import DevicePlatform
from domain.tickets.notifications import NotificationKind
from resolvers.enums.describe import describe

__all__ = ["DevicePlatform", "NotificationKind"]

describe(
    NotificationKind,
    "What somebody is told of.",
    RAISED="A ticket was raised in which you are the contact or copied in; by mail alone.",
    REPLY="Somebody else said something in a ticket in which you take part, or that you look after.",
    STATUS="Such a ticket was resolved or closed; by mail also that it was reopened or merged, or that its severity is "
    "another.",
    ASSIGNMENT="A ticket was given to you to look after; never by mail.",
    CC_ADDED="You were copied into a ticket.",
    SLA_WARNING="What was promised for a ticket that you look after, or lead those who do, is about to be missed.",
)
describe(
    DevicePlatform,
    "What a device runs.",
    IOS="iOS or iPadOS.",
    ANDROID="Android.",
    WEB="A browser.",
)
