"""Grace with notice: a rule tells the person whom a row is about some days before it acts, and acts only then.

Danger: a row goes of which nobody was told, or a person is told twice, or told of a day that comes sooner than said.
Rule: a run has two passes. The first reads the rows that will be due when the days of notice are over, and writes for
each row its notice and its letter in one transaction of the portal, so that there are both or neither; the mail
itself is the outbox's (`privacy.letters.sending`). The second changes rows whose period is over, window by window:
before each, the portal is asked which of them have a notice that was mailed long enough ago and was given for the very
date that the row still has; only these keys stand in the statement. The day against which notices are judged is the
one for which the run was planned, so that planning, work, recovery after a crash and the proof all mean the same rows.

Windows, and not a list of the rows to spare: on the day a rule gets its notice every row that is due waits, and a
million keys fit no statement.
"""
