from piccolo.constraints import Check
from piccolo.table import Table

from program.columns import day, identity, moment, reference, words
from program.database import DB
from program.people.tables import Person
from program.programs.tables import Program


class SocialAccount(Table, db=DB):
    """A person's own account on a network, with the line by which it says where they work."""

    id = identity()
    person = reference(Person)
    network = words()
    handle = words()
    address = words(optional=True)
    stance = words()
    disclosure = words()
    added_at = moment()
    removed_at = moment(optional=True)

    social_account_network_known = Check(
        "network IN ('linkedin', 'x', 'mastodon', 'bluesky', 'instagram', 'facebook', 'youtube', 'tiktok', 'blog', 'other')"
    )
    social_account_stance_known = Check("stance IN ('personal', 'professional', 'sanctioned')")
    social_account_said = Check("handle <> '' AND disclosure <> ''")


class Consent(Table, db=DB):
    """A person's yes to tracking one account for one program from a day on; withdrawn, it ends at once."""

    id = identity()
    account = reference(SocialAccount)
    program = reference(Program)
    from_on = day()
    given_at = moment()
    withdrawn_at = moment(optional=True)

    consent_in_order = Check("withdrawn_at >= given_at")
