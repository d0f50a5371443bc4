"""How the API behaves: the same for every view (docs/api.md)."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.BearerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.WithinScopes"],
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.PerMinute"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.Json"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.parsers.AlwaysJson",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "api.schema.Documented",
    "EXCEPTION_HANDLER": "workflow.api.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Trade Assurance",
    "DESCRIPTION": "Orders and the money that is held for them.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SCHEMA_PATH_PREFIX_TRIM": False,
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "OrderState": "orders.states.OrderState",
        "PaymentState": "payments.api.paying.STATES",
        "ApprovalDecision": "api.approvals.DECISIONS",
        "Verdict": "api.approvals.VERDICTS",
        "DisbursementKind": "payments.api.sending.KINDS",
        "DisbursementState": "payments.api.sending.STATES",
        "BankAccountState": "payments.api.accounts.STATES",
        "StatementStatus": "payments.api.statements.STATUSES",
        "StatementLineStatus": "payments.api.statements.LINE_STATUSES",
    },
}
