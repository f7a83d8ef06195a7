"""The words in which rules are written. Values are what stands in the rule files and in stored snapshots."""

from enum import StrEnum


class KindOfRequest(StrEnum):
    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    RESTRICTION = "restriction"
    CONSENT_WITHDRAWAL = "consent_withdrawal"
    RECONSIDERATION = "reconsideration"
    QUESTION = "question"
    COMPLAINT = "complaint"


class Unit(StrEnum):
    CALENDAR_DAY = "calendar_day"
    BUSINESS_DAY = "business_day"
    CALENDAR_MONTH = "calendar_month"


class FirstDay(StrEnum):
    """Whether the day of receipt is day one. Months end on the corresponding date either way."""

    EXCLUDED = "excluded"
    INCLUDED = "included"


class Roll(StrEnum):
    """What happens when the last day is not a day on which one has to answer."""

    NONE = "none"
    NON_HOLIDAY = "non_holiday"  # Sundays and listed holidays move the day; a Saturday stays
    WORKING_DAY = "working_day"  # Saturdays, Sundays and listed holidays move the day


class Cause(StrEnum):
    """What the organisation may be waiting for from the data subject."""

    IDENTITY = "identity"
    CLARIFICATION = "clarification"
    FEE = "fee"


class Effect(StrEnum):
    """What waiting does to the clock."""

    NONE = "none"
    PAUSE = "pause"  # the days of waiting are added
    RESTART = "restart"  # the whole period starts anew on the day the wait ends


class Condition(StrEnum):
    """What an officer must confirm before a wait stops the clock."""

    ASKED_WITHOUT_DELAY = "asked_without_delay"
    REASONABLE_DOUBT = "reasonable_doubt"


class ExtensionFrom(StrEnum):
    BASE = "base"  # added to the last day of the first period
    START = "start"  # the longer period is counted again from the original start


class ExtensionGround(StrEnum):
    UNREASONABLE_INTERFERENCE = "unreasonable_interference"
    CONSULTATIONS = "consultations"
    ALTERNATIVE_FORMAT = "alternative_format"


class Measures(StrEnum):
    """What must be done by the date: the answer itself, or only the acknowledgement."""

    ANSWER = "answer"
    ACKNOWLEDGEMENT = "acknowledgement"


class Origin(StrEnum):
    LAW = "law"
    PROMISE = "promise"


class Confidence(StrEnum):
    """How well the figure is known. Officers see it; counsel works it off from the bottom up."""

    STATUTE = "statute"
    REGULATION = "regulation"
    SECONDARY = "secondary"  # guidance, commentary or an unofficial copy or translation
    MEMORY = "memory"  # no source at hand
    CONFLICT = "conflict"  # sources disagree; the stricter reading is used
    ANALOGY = "analogy"  # the law gives no figure for this kind; its nearest rule is used


class FeeMode(StrEnum):
    FREE = "free"
    MINIMAL = "minimal"
    REASONABLE = "reasonable"
    REPRODUCTION_ONLY = "reproduction_only"
    PRESCRIBED_OR_REASONABLE = "prescribed_or_reasonable"
    COST_BASED = "cost_based"
    FREE_UNLESS_EXCESSIVE = "free_unless_excessive"


class FeeCondition(StrEnum):
    """What must have happened before a fee may be asked."""

    APPROXIMATE_COST_NOTICE = "approximate_cost_notice"
    NOT_WITHDRAWN_CONFIRMATION = "not_withdrawn_confirmation"
    WRITTEN_ESTIMATE = "written_estimate"
    PRIOR_NOTICE = "prior_notice"


class Alternative(StrEnum):
    """What can be offered to a person instead of what is refused. Their words for people are in `words.py`."""

    SEVERED_COPY = "severed_copy"
    SUMMARY = "summary"
    VIEWING_IN_PERSON = "viewing_in_person"
    THROUGH_PRACTITIONER = "through_practitioner"
    ANNOTATION = "annotation"
    RESTRICTION = "restriction"
    MORE_EVIDENCE = "more_evidence"
    ASK_AGAIN_LATER = "ask_again_later"
    OTHER_SOURCE = "other_source"


class Statement(StrEnum):
    """What a letter has to say. Letter templates are checked against these."""

    ALTERNATIVES = "alternatives"
    COMPLIED_OR_INTENDS_OR_REASONS = "complied_or_intends_or_reasons"
    CONFIRM_HONOURED = "confirm_honoured"
    CONTACT_PERSON = "contact_person"
    DECISION = "decision"
    JUDICIAL_REMEDY = "judicial_remedy"
    NEW_LIMIT = "new_limit"
    PART_REFUSED = "part_refused"
    PROVISION = "provision"
    REASONS = "reasons"
    RECOURSE = "recourse"
    RIGHT_TO_COMPLAIN = "right_to_complain"
    RIGHT_TO_COMPLAIN_ABOUT_EXTENSION = "right_to_complain_about_extension"
    TIME_LIMIT_OF_RECOURSE = "time_limit_of_recourse"
    VERIFICATION_PROCESS = "verification_process"
    WHEN_TO_EXPECT_ANSWER = "when_to_expect_answer"
