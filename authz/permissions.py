"""The catalogue of acts (spec 5.2): what a role, a custom role, a token scope or an explicit denial may name."""

from enum import StrEnum


class Permission(StrEnum):
    """One act on one kind of object, as `object:act`."""

    TENANT_READ = "tenant:read"
    TENANT_UPDATE = "tenant:update"
    SECURITY_READ = "security:read"
    SECURITY_UPDATE = "security:update"
    USER_READ = "user:read"
    USER_INVITE = "user:invite"
    USER_UPDATE_ROLE = "user:update_role"
    USER_DISABLE = "user:disable"
    OWNER_TRANSFER = "owner:transfer"
    SERVICE_READ = "service:read"
    SERVICE_START = "service:start"
    SUBSCRIPTION_READ = "subscription:read"
    SUBSCRIPTION_UPDATE = "subscription:update"
    SUBSCRIPTION_BULK_UPDATE = "subscription:bulk_update"
    SUPPORT_INVITE = "support:invite"
    TICKET_CREATE = "ticket:create"
    TICKET_READ = "ticket:read"
    TICKET_REPLY = "ticket:reply"
    TICKET_RESOLVE = "ticket:resolve"
    TICKET_ASSIGN = "ticket:assign"
    TICKET_CLOSE = "ticket:close"
    TICKET_CLOSE_NONDECREMENT = "ticket:close_nondecrement"
    TICKET_MERGE = "ticket:merge"
    TICKET_NOTE_INTERNAL = "ticket:note_internal"
    TICKET_BULK_UPDATE = "ticket:bulk_update"
    TEMP_ACCOUNT_READ = "temp_account:read"
    TEMP_ACCOUNT_REVOKE = "temp_account:revoke"
    CONTRACT_READ = "contract:read"
    CONTRACT_LINK = "contract:link"
    CONTRACT_MANAGE = "contract:manage"
    ENTITLEMENT_READ = "entitlement:read"
    ENTITLEMENT_ADJUST = "entitlement:adjust"
    APPOINTMENT_BOOK = "appointment:book"
    CUSTOMER_READ = "customer:read"
    CUSTOMER_INVITE = "customer:invite"
    CUSTOMER_UPDATE = "customer:update"
    CUSTOMER_MANAGE_MODE = "customer:manage_mode"
    CUSTOMER_DISCONNECT = "customer:disconnect"
    CUSTOMER_PIN = "customer:pin"
    CUSTOMER_TAG = "customer:tag"
    CUSTOMER_HIDE_EXPIRED = "customer:hide_expired"
    CUSTOMER_ACCESS = "customer:access"
    TEMPLATE_APPLY = "template:apply"
    TEMPLATE_MANAGE = "template:manage"
    REPORT_GENERATE = "report:generate"
    REPORT_VIEW = "report:view"
    REPORT_EXPORT = "report:export"
    EXPORT_CREATE = "export:create"
    EXPORT_SCHEDULE = "export:schedule"
    OPTION_POLICY_READ = "option_policy:read"
    OPTION_POLICY_UPDATE = "option_policy:update"
    AUDIT_READ = "audit:read"
    AUDIT_EXPORT = "audit:export"
    MAIL_READ = "mail:read"
    ACCOUNT_SIGN_UP = "account:sign_up"
    ACCOUNT_PASSWORD_SET = "account:password_set"
    WEBHOOK_MANAGE = "webhook:manage"
    TOKEN_MANAGE = "token:manage"
    SERVICE_LEVEL_MANAGE = "service_level:manage"

    @property
    def object(self) -> str:
        """The part before the colon: the kind of object."""
        return self.value.partition(":")[0]

    @property
    def act(self) -> str:
        """The part after the colon: what is done to it."""
        return self.value.partition(":")[2]


class Category(StrEnum):
    """A bundle of permissions that a customized administrator may be given (spec 5.2)."""

    MANAGEMENT = "MANAGEMENT"
    AUTO_DISCOVERY = "AUTO_DISCOVERY"
    ADMINISTRATION = "ADMINISTRATION"
