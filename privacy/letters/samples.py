"""Invented particulars for previews and tests: who writes, by the law that the letter is written under."""

import datetime as dt

from privacy.register.models import OrganisationProfile

SAMPLE_LAW = "GH"
"""The law of samples for which none is named."""

SAMPLE_DAY = dt.date(2026, 3, 2)
SAMPLE_ADDRESS = "ama.mensah@example.com"
SAMPLE_RECIPIENT = "Sahara Couriers Ltd"
SAMPLE_PORTAL = "https://privacy.baobab.example/"
SAMPLE_LINK = f"{SAMPLE_PORTAL}requests/track/…"

_ZONES = {
    "BR": "America/Sao_Paulo", "CA": "America/Toronto", "FR": "Europe/Paris", "GB": "Europe/London",
    "GH": "Africa/Accra", "KE": "Africa/Nairobi", "NG": "Africa/Lagos", "US": "America/Los_Angeles",
    "ZA": "Africa/Johannesburg",
}  # fmt: skip
_PLACES = {
    "BR": ("BR", "Avenida Paulista 100\nSão Paulo, Brazil"),
    "CA-AB": ("CA", "400 Centre Street\nCalgary, Alberta T2G 2B6, Canada"),
    "CA-BC": ("CA", "88 Water Street\nVancouver, British Columbia V6B 1A1, Canada"),
    "CA-QC": ("CA", "1200, rue Saint-Denis\nMontréal (Québec) H2X 3J6, Canada"),
    "EU": ("FR", "12, rue des Lilas\n69003 Lyon, France"),
    "GH": ("GH", "12 Ring Road\nAccra, Ghana"),
    "KE": ("KE", "7 Moi Avenue\nNairobi, Kenya"),
    "NG": ("NG", "20 Broad Street\nLagos, Nigeria"),
    "UK": ("GB", "4 Mill Lane\nLeeds LS1 4DL, United Kingdom"),
    "US-CA": ("US", "500 Market Street\nSan Francisco, California 94105, USA"),
    "ZA": ("ZA", "15 Long Street\nCape Town, South Africa"),
}
_PLACE = ("CA", "30 Sparks Street\nOttawa, Ontario K1P 5B3, Canada")


def sample_organisation(law: str = SAMPLE_LAW) -> OrganisationProfile:
    """An invented organisation under a law; it is in no table."""
    country, address = _PLACES.get(law, _PLACE)
    return OrganisationProfile(
        legal_name="Baobab Office Ltd", trading_name="Baobab", address=address, country=country,
        officer_name="Esi Owusu", officer_title="Data Protection Officer", officer_email="privacy@baobab.example",
        officer_phone="+233 30 200 0000", time_zone=_ZONES[country], laws=[law],
    )  # fmt: skip
