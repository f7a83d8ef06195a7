"""What can be found about sources and the data map. Codes are stable; their words: `finding_words`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FindingCode(models.TextChoices):
    """Higher rooms raise some of them; all are named here, so that one page can show them."""

    ERASED_CAME_BACK = "erased_came_back", _("Erased people are named again")
    DONE_CAME_BACK = "done_came_back", _("Rows that a rule had done are there again")
    NOTICE_UNDELIVERED = "notice_undelivered", _("People could not be told before a rule acts")
    NOTICE_WITHOUT_ADDRESS = "notice_without_address", _("Nobody to tell: rows without a mail address")
    KEPT_BY_LAW_OVER = "kept_by_law_over", _("The law does not want these rows kept any more")
    KEPT_ROW_CHANGED = "kept_row_changed", _("Rows kept by law are not the same any more")
    SMALL_CELLS = "small_cells", _("Too few people share the same particulars")
    SOURCE_NOT_SEEN = "source_not_seen", _("Source not reached for days")
    VANISHED_TABLE = "vanished_table", _("Table vanished")
    PARTITION_LISTED = "partition_listed", _("Table is only a part of another one")
    VANISHED_COLUMN = "vanished_column", _("Column vanished")
    CHANGED_TYPE = "changed_type", _("Column changed its type")
    NEW_TABLE = "new_table", _("New table")
    NEW_COLUMN = "new_column", _("New column")
    UNCLASSIFIED_TEXT = "unclassified_text", _("New text column that nobody has classified")
    TO_BE_CONFIRMED = "to_be_confirmed", _("Suggestions wait for confirmation")
    NO_CREATED_COLUMN = "no_created_column", _("Nobody has said when rows came about")
    FIELD_WITHOUT_PURPOSE = "field_without_purpose", _("Personal data without a purpose")
    NO_RETENTION_RULE = "no_retention_rule", _("No retention rule")
    MISSING_RIGHTS = "missing_rights", _("Our login lacks rights")
    EXCESSIVE_RIGHTS = "excessive_rights", _("Our login may do more than it needs")
    FOREIGN_KEY_WITHOUT_INDEX = "foreign_key_without_index", _("Key without an index")
    NO_PRIMARY_KEY = "no_primary_key", _("Table without a primary key")
    ROW_SECURITY = "row_security", _("Rows hidden from our login")
    NO_TRANSACTIONS = "no_transactions", _("Table without transactions")
    OUT_OF_PATH = "out_of_path", _("Columns that our login would compare in another way")
    TRIGGERS = "triggers", _("Triggers")
    STORED_VIEW = "stored_view", _("View that keeps copies of rows")
    FOREIGN_TABLE = "foreign_table", _("Table whose rows lie in another database")
    OTHER_TABLE = "other_table", _("Table of a kind that no run works on")
