"""The keys with which an organisation signs its receipts."""
