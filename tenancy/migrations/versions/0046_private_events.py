"""The audit log shows what concerns a private request to who raised it alone, besides the vendor (E20).

Revision 0046, after 0045.
"""

from alembic import op

revision: str = "0046"
down_revision: str | None = "0045"
branch_labels: str | None = None
depends_on: str | None = None

# A private request is its requester's, and so is every appointment.
FILL = """
    UPDATE audit_event AS event SET private_to = ticket.requester_user_id FROM ticket
    WHERE event.object_type = 'ticket' AND event.object_id = ticket.id AND ticket.visibility = 'REQUESTER_ONLY'
"""
FILL_APPOINTMENTS = """
    UPDATE audit_event AS event SET private_to = ticket.requester_user_id
    FROM ticket_appointment AS appointment JOIN ticket ON ticket.id = appointment.ticket_id
    WHERE event.object_type = 'appointment' AND event.object_id = appointment.id
"""


def upgrade() -> None:
    """Up."""
    op.execute("ALTER TABLE audit_event ADD COLUMN private_to uuid")
    op.execute("SELECT set_config('bailiwick.scope', 'worker', true)")
    for fill in (FILL, FILL_APPOINTMENTS):
        op.execute(fill)
    op.execute("SELECT set_config('bailiwick.scope', '', true)")


def downgrade() -> None:
    """Down."""
    op.execute("ALTER TABLE audit_event DROP COLUMN private_to")
