"""Tickets, participants, messages, temporary accounts and attachments.

Revision 0006, after 0005.
"""

from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None

UP = (
    """
    CREATE SEQUENCE ticket_number
    """,
    """
    CREATE TABLE ticket (
        number TEXT DEFAULT to_char(nextval('ticket_number'), 'FM00000000') NOT NULL,
        kind VARCHAR(40) NOT NULL,
        origin VARCHAR(40) NOT NULL,
        status VARCHAR(40) NOT NULL,
        visibility VARCHAR(40) NOT NULL,
        service_id UUID,
        issue_type VARCHAR(40),
        severity BIGINT,
        summary TEXT NOT NULL,
        details TEXT NOT NULL,
        job_ids TEXT[] DEFAULT '{}' NOT NULL,
        contact_name TEXT NOT NULL,
        contact_email TEXT NOT NULL,
        contact_phone TEXT,
        requester_user_id UUID NOT NULL,
        requester_tenant_id UUID NOT NULL,
        requester_name TEXT NOT NULL,
        requester_side VARCHAR(40) NOT NULL,
        tenant_owner_user_id UUID,
        tenant_owner_name TEXT,
        tenant_owner_email TEXT,
        assignee_id UUID,
        assignee_name TEXT,
        region_id UUID,
        contract_id UUID,
        entitlement_id UUID,
        entitlement_quantity NUMERIC(12, 2),
        credited_at TIMESTAMP WITH TIME ZONE,
        response_minutes BIGINT,
        response_clock VARCHAR(40),
        response_due_at TIMESTAMP WITH TIME ZONE,
        first_responded_at TIMESTAMP WITH TIME ZONE,
        resolution_minutes BIGINT,
        resolution_due_at TIMESTAMP WITH TIME ZONE,
        resolution_stopped_at TIMESTAMP WITH TIME ZONE,
        resolved_at TIMESTAMP WITH TIME ZONE,
        closed_at TIMESTAMP WITH TIME ZONE,
        closure_code VARCHAR(40),
        reopened_count BIGINT NOT NULL,
        last_public_activity_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        id UUID NOT NULL,
        managing_partner_id UUID,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        version BIGINT DEFAULT '1' NOT NULL,
        CONSTRAINT pk_ticket PRIMARY KEY (id),
        CONSTRAINT ck_ticket_severity CHECK (severity BETWEEN 1 AND 5),
        CONSTRAINT ck_ticket_closure_code_when_closed CHECK ((status = 'CLOSED') = (closure_code IS NOT NULL)),
        CONSTRAINT ck_ticket_entitlement_of_contract CHECK ((entitlement_id IS NULL) = (contract_id IS NULL)),
        CONSTRAINT uq_ticket_number UNIQUE (number),
        CONSTRAINT ck_ticket_ticketkind CHECK (kind IN ('INCIDENT', 'ADVISORY', 'PROGRAM')),
        CONSTRAINT ck_ticket_ticketorigin CHECK (origin IN ('INVITE', 'PORTAL', 'PARTNER_REQUEST', 'ON_BEHALF', 'EMAIL')),
        CONSTRAINT ck_ticket_ticketstatus CHECK (status IN ('OPEN', 'AWAITING_REPLY', 'RESOLVED', 'CLOSED')),
        CONSTRAINT ck_ticket_ticketvisibility CHECK (visibility IN ('ORGANIZATION', 'REQUESTER_ONLY')),
        CONSTRAINT fk_ticket_service_id FOREIGN KEY(service_id) REFERENCES service (id),
        CONSTRAINT ck_ticket_supportissuetype CHECK (issue_type IN ('GENERAL_GUIDANCE', 'TROUBLESHOOT')),
        CONSTRAINT ck_ticket_side CHECK (requester_side IN ('CUSTOMER', 'PARTNER', 'VENDOR')),
        CONSTRAINT fk_ticket_region_id FOREIGN KEY(region_id) REFERENCES support_region (id),
        CONSTRAINT fk_ticket_contract_id FOREIGN KEY(contract_id) REFERENCES support_contract (id),
        CONSTRAINT fk_ticket_entitlement_id FOREIGN KEY(entitlement_id) REFERENCES entitlement (id),
        CONSTRAINT ck_ticket_slaclock CHECK (response_clock IN ('CALENDAR', 'BUSINESS')),
        CONSTRAINT ck_ticket_closurecode CHECK (closure_code IN ('DECREMENT', 'NON_DECREMENT', 'DUPLICATE', 'MERGED', 'WITHDRAWN')),
        CONSTRAINT fk_ticket_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE INDEX ix_ticket_assignee_id ON ticket (assignee_id, created_at)
    """,
    """
    CREATE INDEX ix_ticket_managing_partner_id_created_at ON ticket (managing_partner_id, created_at, id)
    """,
    """
    CREATE INDEX ix_ticket_open ON ticket (tenant_id, created_at, id) WHERE status IN ('OPEN', 'AWAITING_REPLY')
    """,
    """
    CREATE INDEX ix_ticket_requester_user_id ON ticket (requester_user_id, created_at)
    """,
    """
    CREATE INDEX ix_ticket_tenant_id_created_at ON ticket (tenant_id, created_at, id)
    """,
    """
    CREATE TABLE ticket_participant (
        ticket_id UUID NOT NULL,
        user_id UUID,
        email TEXT NOT NULL,
        name TEXT,
        kind VARCHAR(40) NOT NULL,
        added_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        id UUID NOT NULL,
        managing_partner_id UUID,
        tenant_id UUID NOT NULL,
        CONSTRAINT pk_ticket_participant PRIMARY KEY (id),
        CONSTRAINT uq_ticket_participant_ticket_id_kind_email UNIQUE (ticket_id, kind, email),
        CONSTRAINT ck_ticket_participant_email_in_lower_case CHECK (email = lower(email)),
        CONSTRAINT fk_ticket_participant_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
        CONSTRAINT fk_ticket_participant_user_id FOREIGN KEY(user_id) REFERENCES user_account (id),
        CONSTRAINT ck_ticket_participant_participantkind CHECK (kind IN ('REQUESTER', 'CC', 'CONTACT')),
        CONSTRAINT fk_ticket_participant_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE INDEX ix_ticket_participant_user_id ON ticket_participant (user_id, ticket_id)
    """,
    """
    CREATE TABLE ticket_message (
        ticket_id UUID NOT NULL,
        author_user_id UUID,
        author_name TEXT NOT NULL,
        author_side VARCHAR(40) NOT NULL,
        visibility VARCHAR(40) NOT NULL,
        body TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        id UUID NOT NULL,
        managing_partner_id UUID,
        tenant_id UUID NOT NULL,
        CONSTRAINT pk_ticket_message PRIMARY KEY (id),
        CONSTRAINT fk_ticket_message_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
        CONSTRAINT ck_ticket_message_side CHECK (author_side IN ('CUSTOMER', 'PARTNER', 'VENDOR')),
        CONSTRAINT ck_ticket_message_messagevisibility CHECK (visibility IN ('PUBLIC', 'INTERNAL')),
        CONSTRAINT fk_ticket_message_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE INDEX ix_ticket_message_ticket_id ON ticket_message (ticket_id, created_at, id)
    """,
    """
    CREATE TABLE temporary_support_account (
        ticket_id UUID NOT NULL,
        service_id UUID NOT NULL,
        status VARCHAR(40) NOT NULL,
        granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE,
        revoked_by UUID,
        id UUID NOT NULL,
        managing_partner_id UUID,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_temporary_support_account PRIMARY KEY (id),
        CONSTRAINT ck_temporary_support_account_fifteen_days CHECK (expires_at <= granted_at + interval '360 hours'),
        CONSTRAINT ck_temporary_support_account_expiry_is_derived CHECK (status <> 'EXPIRED'),
        CONSTRAINT fk_temporary_support_account_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
        CONSTRAINT fk_temporary_support_account_service_id FOREIGN KEY(service_id) REFERENCES service (id),
        CONSTRAINT ck_temporary_support_account_temporaryaccountstatus CHECK (status IN ('ACTIVE', 'EXPIRED', 'REVOKED')),
        CONSTRAINT fk_temporary_support_account_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE UNIQUE INDEX uq_temporary_support_account_live ON temporary_support_account (ticket_id) WHERE status = 'ACTIVE'
    """,
    """
    CREATE TABLE attachment (
        ticket_id UUID,
        message_id UUID,
        uploader_user_id UUID NOT NULL,
        file_name TEXT NOT NULL,
        media_type TEXT NOT NULL,
        size BIGINT NOT NULL,
        sha256 TEXT,
        state VARCHAR(40) NOT NULL,
        privacy_agreement_version TEXT,
        accepted_at TIMESTAMP WITH TIME ZONE,
        id UUID NOT NULL,
        managing_partner_id UUID,
        tenant_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_attachment PRIMARY KEY (id),
        CONSTRAINT ck_attachment_attached_to_ticket CHECK ((state = 'ATTACHED') = (ticket_id IS NOT NULL)),
        CONSTRAINT ck_attachment_privacy_agreement_when_attached CHECK (ticket_id IS NULL OR privacy_agreement_version IS NOT NULL),
        CONSTRAINT fk_attachment_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
        CONSTRAINT fk_attachment_message_id FOREIGN KEY(message_id) REFERENCES ticket_message (id),
        CONSTRAINT ck_attachment_attachmentstate CHECK (state IN ('AWAITING_UPLOAD', 'UPLOADED', 'ATTACHED')),
        CONSTRAINT fk_attachment_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenant (id)
    )
    """,
    """
    CREATE INDEX ix_attachment_ticket_id ON attachment (ticket_id)
    """,
)

DOWN = (
    "DROP TABLE attachment",
    "DROP TABLE temporary_support_account",
    "DROP TABLE ticket_message",
    "DROP TABLE ticket_participant",
    "DROP TABLE ticket",
    "DROP SEQUENCE ticket_number",
)


def upgrade() -> None:
    """Up."""
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    """Down."""
    for statement in DOWN:
        op.execute(statement)
