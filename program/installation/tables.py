from piccolo.columns import Integer
from piccolo.constraints import Check
from piccolo.table import Table

from program.columns import large, moment, words
from program.database import DB


class Installation(Table, db=DB):
    """One row. Only a database marked *demo* or *test* when it was made may move its clock.

    `swept_at` is when a worker last brought about what time brings, by the machine's clock.
    """

    id = Integer(primary_key=True, null=False, default=None)
    mark = words(optional=True)
    clock_offset_seconds = large()
    swept_at = moment(optional=True)

    installation_is_one = Check("id = 1")
    installation_mark_known = Check("mark IN ('demo', 'test')")
    installation_clock_true = Check("mark IS NOT NULL OR clock_offset_seconds = 0")
