"""Root fields of the log of mail."""

import strawberry

from resolvers import mail
from schema.mail import InboundMail, MailDelivery
from schema.relay import Connection


@strawberry.type
class MailQueries:
    """What can be asked."""

    mail_deliveries: Connection[MailDelivery] = strawberry.field(
        resolver=mail.mail_deliveries,
        description="Mail that left or is to leave, and what became of it, newest first: for the platform's leads and "
        "operators.",
    )
    inbound_mails: Connection[InboundMail] = strawberry.field(
        resolver=mail.inbound_mails,
        description="Mail that came in, what was done with it and why, newest first: for the same.",
    )
