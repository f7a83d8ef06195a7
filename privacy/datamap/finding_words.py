"""Why each kind of finding matters and what to do about it, in words for officers; and how grave it is."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.datamap.enums import FindingCode as Code


@dataclass(frozen=True)
class FindingWords:
    """`level` colours it (overdue: promises are broken; soon: they may be; plain: good to know)."""

    why: str | Promise
    do: str | Promise
    level: str = "soon"


FINDING_WORDS: dict[str, FindingWords] = {
    Code.ERASED_CAME_BACK: FindingWords(
        _(
            "People were told that their data is gone. A restored backup or an import brought it back, or the time "
            "is over for which the law wanted it kept."
        ),
        _("Plan their erasure again; a second officer approves. Dismiss it when they are customers again by choice."),
        "overdue",
    ),
    Code.DONE_CAME_BACK: FindingWords(
        _(
            "The last run of a rule had left none of these rows. A restored backup or an import brought them back, or "
            "their dates or states were changed. No rule in force takes them: the rule is switched off, its time is "
            "over, or it says something else now."
        ),
        _(
            "Put the rule in force again as it was, and start it. Dismiss it when the rows may stay, as after the "
            "period was made longer."
        ),
        "overdue",
    ),
    Code.NOTICE_UNDELIVERED: FindingWords(
        _("A rule may act only after people were told, and the mail server refused their letters. Their data waits."),
        _("Correct the addresses in the source, or see that mail goes out; the letters are then written again."),
    ),
    Code.NOTICE_WITHOUT_ADDRESS: FindingWords(
        _("A rule tells people before it acts. These rows have no mail address to which a letter could go."),
        _("Add the addresses in the source, or choose in the rule what becomes of rows without one."),
        "plain",
    ),
    Code.KEPT_BY_LAW_OVER: FindingWords(
        _("An erasure left these rows because the law wanted them kept for some time. That time is over."),
        _("Plan their erasure; a second officer approves. Dismiss it where there is another reason to keep them."),
        "overdue",
    ),
    Code.KEPT_ROW_CHANGED: FindingWords(
        _(
            "An erasure left these rows because the law wanted them kept. Since then they were linked to somebody else "
            "or dated anew, so nobody can say whose they are, and they are left alone."
        ),
        _("Look at the table, and dismiss it with what you found: the rows are then no longer watched."),
    ),
    Code.SMALL_CELLS: FindingWords(
        _("After anonymising, rows are left that so few people share that somebody could tell who it was."),
        _("Choose a coarser mask for these columns, then run the rule again."),
        "overdue",
    ),
    Code.SOURCE_NOT_SEEN: FindingWords(
        _("Nobody knows what is in it now: requests and retention rules wait for it."),
        _("Repair the connection, or switch the source off when it is gone for good."),
        "overdue",
    ),
    Code.VANISHED_TABLE: FindingWords(
        _("The data map names a table that the source shows no more. Erasures in this source stop until it is clear."),
        _("If it was renamed, read the tables again. If it is gone for good, take it out of the data map."),
        "overdue",
    ),
    Code.PARTITION_LISTED: FindingWords(
        _(
            "The data map lists it by itself, but its rows belong to the partitioned table that is named here and that "
            "is worked on as a whole. Erasures in this source stop until it is clear."
        ),
        _(
            "Confirm the partitioned table, and name it in rules and links in place of this one. Once nothing names "
            "this one any more it goes out of the data map by itself."
        ),
        "overdue",
    ),
    Code.VANISHED_COLUMN: FindingWords(
        _("The data map speaks of a column that is no longer there. Erasures in this table stop until it is clear."),
        _("Look where the data went. Confirming the table takes the column out of the data map."),
        "overdue",
    ),
    Code.CHANGED_TYPE: FindingWords(
        _("What was chosen for this column may not fit any more."),
        _("Look at the table and confirm it again."),
    ),
    Code.NEW_TABLE: FindingWords(
        _("It may hold data of people that no request and no rule reaches yet."),
        _("Look at what is suggested for it and confirm it."),
    ),
    Code.NEW_COLUMN: FindingWords(
        _("It is kept as it is in every erasure until somebody says what it holds."),
        _("Classify the column and confirm the table."),
        "plain",
    ),
    Code.UNCLASSIFIED_TEXT: FindingWords(
        _("Text may name people. It is kept as it is in every erasure until somebody says what it holds."),
        _("Classify the column and confirm the table."),
    ),
    Code.TO_BE_CONFIRMED: FindingWords(
        _("Nothing is planned by suggestions that nobody has confirmed."),
        _("Look at what is suggested for the table and confirm it."),
    ),
    Code.NO_CREATED_COLUMN: FindingWords(
        _(
            "An erasure leaves what came after the day on which it was asked for. Of this table nobody has said by "
            "which column that is known, so what a person orders or writes after their request may be erased with the "
            "rest. One of the columns that are named here may say it."
        ),
        _(
            "Open the table, choose the column at “A row came about”, and confirm it. Dismiss it where none of them "
            "says it."
        ),
    ),
    Code.FIELD_WITHOUT_PURPOSE: FindingWords(
        _("Personal data may be kept only for a purpose that people were told."),
        _("Choose the purposes of these columns, or stop collecting what they hold."),
    ),
    Code.NO_RETENTION_RULE: FindingWords(
        _("Nobody has said how long this data about people is kept, so it is kept for ever."),
        _("Write a rule, or name the table in the rule of the one it belongs to. Dismiss it where a law keeps it."),
    ),
    Code.MISSING_RIGHTS: FindingWords(
        _("Erasing would fail half-way to the promise: our login may not do what the data map says."),
        _("Have whoever runs the source grant the rights."),
        "overdue",
    ),
    Code.EXCESSIVE_RIGHTS: FindingWords(
        _("Whoever gets hold of this login could do more harm than Privacy Desk ever needs to be able to."),
        _("Have whoever runs the source make a login with reading, changing and deleting rows, nothing else."),
    ),
    Code.FOREIGN_KEY_WITHOUT_INDEX: FindingWords(
        _("Deleting rows that this table refers to reads the whole table for every row: runs are slow."),
        _("Have whoever runs the source make the index."),
        "plain",
    ),
    Code.NO_PRIMARY_KEY: FindingWords(
        _("Rows of this table cannot be told apart, so nothing in it can be erased, and it is not in the data map."),
        _("Have whoever runs the source add a primary key, if it holds data about people."),
    ),
    Code.ROW_SECURITY: FindingWords(
        _("The source hides rows from our login. What we cannot see we can neither find nor erase."),
        _("Have whoever runs the source exempt our login from row security."),
        "overdue",
    ),
    Code.NO_TRANSACTIONS: FindingWords(
        _(
            "The table is of a kind that cannot take a change back, so no change of it can be proven. Its rows are "
            "found and given, but never erased or anonymised: every plan that would change one is refused."
        ),
        _("Have whoever runs the source convert it to InnoDB, or keep its rows and say why."),
        "overdue",
    ),
    Code.OUT_OF_PATH: FindingWords(
        _(
            "A type of the table compares by operators of a schema in which our login does not look, as citext does "
            "where it was installed beside the tables. Addresses in other capitals would be passed over, so nothing "
            "is looked for, given or erased in the table."
        ),
        _("Have whoever runs the source let our login look in that schema too. Then look at the source again."),
        "overdue",
    ),
    Code.TRIGGERS: FindingWords(
        _("Triggers run when rows change. They may copy personal data elsewhere, or bring it back."),
        _("Have somebody read them before the first run; dismiss it with what they found."),
        "plain",
    ),
    Code.STORED_VIEW: FindingWords(
        _(
            "A materialised view keeps rows of the tables that it names as they were when it was last refreshed: what "
            "is erased or anonymised there stays in it. No request and no rule reaches it."
        ),
        _(
            "Have whoever runs the source refresh it after every run and every erasure, for example each night; then "
            "dismiss it with how that is done, or with why it holds nothing about people."
        ),
    ),
    Code.FOREIGN_TABLE: FindingWords(
        _(
            "The source shows rows of another database as a table of its own. They are not in the data map, so no "
            "request and no rule reaches them from here."
        ),
        _(
            "Connect the other database as a source of its own; then dismiss it, or say why it holds nothing about "
            "people."
        ),
    ),
    Code.OTHER_TABLE: FindingWords(
        _(
            "The table keeps old versions of its rows, or an index over texts, where nobody can prove that something "
            "is gone, or it shows rows of tables that inherit from it, where one key may name two people. No request "
            "and no rule reaches it."
        ),
        _(
            "If it holds data about people, have whoever runs the source make a plain table of it, or connect a source "
            "in which a person erases by hand; then dismiss it with what was done."
        ),
    ),
}
