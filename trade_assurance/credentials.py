"""What the payment providers need to know us by. Without it a method is off, and says so."""


def credentials(env, *, live):
    """The credentials of each provider, from the environment; empty means not set up."""
    return {
        "http_sim": {
            "url": env.str("TA_SIM_URL", ""),
            "secret": env.str("TA_SIM_WEBHOOK_SECRET", ""),
        },
        "stripe": {
            "key": env.str("STRIPE_KEY", ""),
            "webhook_secret": env.str("STRIPE_WEBHOOK_SECRET", ""),
        },
        "paypal": {
            "client_id": env.str("PAYPAL_CLIENT_ID", ""),
            "secret": env.str("PAYPAL_SECRET", ""),
            "webhook_id": env.str("PAYPAL_WEBHOOK_ID", ""),
            "live": live,
        },
        "cashu": {
            "merchant": env.str("CASHU_MERCHANT", ""),
            "secret": env.str("CASHU_SECRET", ""),
            "url": env.str("CASHU_URL", ""),
            "status_url": env.str("CASHU_STATUS_URL", ""),
        },
    }
