"""The provisioning engine: keeps the platforms as the subscriptions say they should be."""
