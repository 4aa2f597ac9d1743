"""WooCommerce: documents of its REST API, v3 and the legacy one, and of webhooks."""
