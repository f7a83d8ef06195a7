"""The people and businesses whom demonstrations and tests know by name. Everybody else is made by chance."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownWorkspace:
    """A subscriber business. `cancelled_days_ago` counts from the day of the build; None is a running subscription."""

    business_name: str
    operated_by: str = "offixpro"
    cancelled_days_ago: int | None = None
    export_pending: bool = False


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """A person who is a customer and signs in, and whose last birthday was `days_since_birthday` before the build.

    The counts are exact. They give their name in every ticket and pay by mobile money; OffixPro's are served by
    Kofi Boateng.
    """

    full_name: str
    email: str
    phone: str
    workspace: KnownWorkspace
    age_years: int = 34
    days_since_birthday: int = 40
    invoices: int = 1
    tickets: int = 1
    logins: int = 2


@dataclass(frozen=True, slots=True)
class KnownEmployee:
    """Somebody who works for an operator."""

    full_name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class KnownContact:
    """Somebody who works for a company that is a customer in this workspace."""

    full_name: str
    email: str
    phone: str
    company: str
    workspace: KnownWorkspace


ADOM_LOGISTICS = KnownWorkspace("Adom Logistics")
SIKA_TEXTILES = KnownWorkspace("Sika Textiles", cancelled_days_ago=45)
VOLTA_FOODS = KnownWorkspace("Volta Foods", cancelled_days_ago=30)
LABADI_TRAVEL = KnownWorkspace("Labadi Travel", cancelled_days_ago=12)
BAOBAB_CLINIC = KnownWorkspace("Baobab Clinic", cancelled_days_ago=60, export_pending=True)
ODUM_TIMBER = KnownWorkspace("Odum Timber", operated_by="sankofa_cloud")
KNOWN_WORKSPACES = (ADOM_LOGISTICS, SIKA_TEXTILES, VOLTA_FOODS, LABADI_TRAVEL, BAOBAB_CLINIC, ODUM_TIMBER)

AMA_MENSAH = KnownCustomer(
    "Ama Mensah", "ama.mensah@example.com", "+233240009001", ADOM_LOGISTICS, invoices=3, tickets=2, logins=5
)
# Same name, another person: nothing of hers may be found, changed or deleted in Ama Mensah's name.
AMA_MENSAH_OF_TEMA = KnownCustomer(
    "Ama Mensah",
    "ama.mensah.tema@example.org",
    "+233240009002",
    ADOM_LOGISTICS,
    58,
    113,
    invoices=2,
    tickets=1,
    logins=3,
)
# The very same person as a customer of another operator: out of scope for OffixPro, and to stay byte-equal.
AMA_MENSAH_ELSEWHERE = KnownCustomer(
    "Ama Mensah", "ama.mensah@example.com", "+233240009001", ODUM_TIMBER, invoices=2, tickets=1, logins=2
)
ADWOA_OWUSU_PAST_THE_PERIOD = KnownCustomer(
    "Adwoa Owusu", "adwoa.owusu@example.com", "+233200009003", SIKA_TEXTILES, 41, 7
)
YAW_DARKO_ON_THE_DAY = KnownCustomer("Yaw Darko", "yaw.darko@example.org", "+233260009004", VOLTA_FOODS, 29, 201)
EFUA_SARPONG_WITHIN_THE_PERIOD = KnownCustomer(
    "Efua Sarpong", "efua.sarpong@example.com", "+233270009005", LABADI_TRAVEL, 37, 166
)
KWAME_ASANTE_AWAITING_EXPORT = KnownCustomer(
    "Kwame Asante", "kwame.asante@example.org", "+233540009006", BAOBAB_CLINIC, 63, 300
)
KOJO_ANTWI_A_MINOR = KnownCustomer("Kojo Antwi", "kojo.antwi@example.com", "+233550009007", ADOM_LOGISTICS, 15, 88)
SEAMUS_OBRIEN = KnownCustomer("Séamus O'Brien", "seamus.obrien@example.org", "+233200009008", ADOM_LOGISTICS, 46, 255)
KNOWN_CUSTOMERS = (
    AMA_MENSAH,
    AMA_MENSAH_OF_TEMA,
    AMA_MENSAH_ELSEWHERE,
    ADWOA_OWUSU_PAST_THE_PERIOD,
    YAW_DARKO_ON_THE_DAY,
    EFUA_SARPONG_WITHIN_THE_PERIOD,
    KWAME_ASANTE_AWAITING_EXPORT,
    KOJO_ANTWI_A_MINOR,
    SEAMUS_OBRIEN,
)

# Support agent on the tickets of many customers; outlives the erasure of any of them.
KOFI_BOATENG = KnownEmployee("Kofi Boateng", "kofi.boateng@offixpro.example", "+233500009010")
ESI_QUAYE = KnownContact(
    "Esi Quaye", "esi.quaye@kakumfarmsltd.example", "+233530009011", "Kakum Farms Ltd", SIKA_TEXTILES
)

KNOWN_EMAILS = frozenset(known.email for known in (*KNOWN_CUSTOMERS, KOFI_BOATENG, ESI_QUAYE))
