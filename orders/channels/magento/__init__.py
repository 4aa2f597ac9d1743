"""Magento: documents of Magento 2 and Adobe Commerce (REST, MSI, events), and of Magento 1 (SOAP and REST)."""
