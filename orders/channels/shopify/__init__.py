"""Shopify: documents of the Admin REST API and of webhooks, and those of GraphQL in their shape."""
