"""Shopware 6: order documents of its Admin and Store APIs, plain or as JSON:API."""
