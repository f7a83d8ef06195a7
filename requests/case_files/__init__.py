"""Files of cases: adding, scanning, opening and deleting them, and asking people for them."""
