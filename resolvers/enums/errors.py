"""The codes of refusals."""

from domain.errors import ErrorCode
from resolvers.enums.describe import describe

__all__ = ["ErrorCode"]

describe(
    ErrorCode,
    "Why a mutation refused.",
    FORBIDDEN="Your role does not allow this.",
    NOT_FOUND="There is nothing with this id that you can see.",
    REQUIRED="The field must be given, and not be blank.",
    TOO_LONG="The text is longer than the field takes.",
    OUT_OF_RANGE="The value is outside what the field takes.",
    INVALID_TEXT="The text has characters that cannot be stored or shown.",
    INVALID_EMAIL="This is no e-mail address.",
    INVALID_PHONE="This is no telephone number of that country.",
    INVALID_URL="This is no address that webhooks can go to.",
    ADDRESS_NOT_ALLOWED="Webhooks do not go to private and local addresses.",
    MEDIA_TYPE_MISMATCH="The file is not of the kind that it was said to be.",
    FILE_QUARANTINED="The scanner has found malware in the file.",
    LIMIT_EXCEEDED="More was asked for than is allowed at once.",
    CONFLICT="Somebody else changed the object in the meantime.",
    IDEMPOTENCY_MISMATCH="The idempotency key was used with another input.",
    RATE_LIMITED="This was tried too often; wait and try again.",
    CONFIRMATION_MISMATCH="The confirmation is not what was to be entered.",
    IRREVERSIBLE_TRANSITION="The step cannot be taken back.",
    INVALID_TRANSITION="The object cannot go from its state to the one asked for.",
    ACCESS_DISABLED="The customer manages its tenant itself and has ended your access.",
    OPTION_UNAVAILABLE="The option is not offered here.",
    ENVIRONMENT_NOT_SUPPORTED="This is not available in the tenant's environment.",
    ENVIRONMENT_MISMATCH="The two are of different environments.",
    CASE_NOT_FOUND="You can see no case with this number in the tenant.",
    CASE_CLOSED="The case is closed; raise a new one.",
    SERVICE_MISMATCH="The case is about another service.",
    PRIVACY_AGREEMENT_REQUIRED="With attachments, the current privacy agreement must be accepted.",
    AGREEMENT_REQUIRED="The current agreement must be accepted.",
    SUPPORT_CONTRACT_REQUIRED="Choose a support contract.",
    INVALID_CONTRACT_IDS="No support contract has these two ids.",
    CONTRACT_NOT_ELIGIBLE="The support contract does not cover this service.",
    CONTRACT_EXPIRED="The support contract has expired.",
    CONTRACT_NOT_APPLICABLE="No support contract is used for this.",
    NO_AVAILABLE_INCIDENTS="Nothing is left on the support contract.",
    WRONG_CHANNEL="Requests for this service start elsewhere.",
    WRONG_SIGN_IN="This channel takes another kind of sign-in.",
    DELEGATED_ADMIN_REQUIRED="The partner needs delegated administration of the customer.",
    SUBSCRIPTION_WRITE_REQUIRED="The partner needs write permission on the customer's subscription.",
    ON_BEHALF_NOT_ALLOWED="Partners of this type do not ask for support on behalf of customers.",
    TICKET_CLOSED="The ticket is closed.",
    TICKET_OPEN="The ticket is still looked after.",
    TENANT_MISMATCH="The objects are about different organisations.",
    TOKEN_INVALID="The link is used, expired, replaced by a newer one, or none of ours: ask for another.",  # noqa: S106 - a code
)
