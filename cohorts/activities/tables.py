from piccolo.constraints import Check, Unique
from piccolo.table import Table

from cohorts.cohorts.tables import Cohort
from program.columns import day, document, identity, large, moment, reference, same_as, whole, words
from program.database import DB


class Activity(Table, db=DB):
    """One thing done in public by a member. Keyed by (cohort, id); a post is unique on (cohort, network, post_id)."""

    id = identity()
    cohort = reference(Cohort)
    enrolment = same_as()
    kind = words()
    network = words()
    post_id = words(optional=True)
    link = words(optional=True)
    text = words(optional=True)
    done_on = day()
    done_at = moment(optional=True)
    month = whole()
    logged_at = moment()

    activity_kind_known = Check(
        "kind IN ('post', 'reply', 'share', 'talk', 'article', 'answered_question', 'reaction')"
    )
    activity_post_once = Unique(["cohort", "network", "post_id"])
    activity_month_known = Check("month >= 0")


class Observation(Table, db=DB):
    """What one source told of an activity, and when; figures that it lacks are null, never zero."""

    id = identity()
    cohort = reference(Cohort)
    activity = same_as()
    source = words()
    observed_at = moment()
    impressions = large(optional=True)
    reactions = large(optional=True)
    comments = large(optional=True)
    shares = large(optional=True)
    clicks = large(optional=True)

    observation_source_told = Check(
        "source IN ('by_hand', 'linkedin_archive', 'linkedin_analytics', 'x_archive', 'x_analytics',"
        " 'mastodon_archive', 'own_file')"
    )
    observation_not_negative = Check(
        "impressions >= 0 AND reactions >= 0 AND comments >= 0 AND shares >= 0 AND clicks >= 0"
    )


class PostAlias(Table, db=DB):
    """Another id under which a network knows the post of an activity, as LinkedIn's share and ugcPost. Keyed by (cohort, id)."""

    id = identity()
    cohort = reference(Cohort)
    activity = same_as()
    network = words()
    post_id = words()

    post_alias_once = Unique(["cohort", "network", "post_id"])


class DeletedActivity(Table, db=DB):
    """An activity that its member deleted, as it was, with all that was observed of it, for as long as they may take that back."""

    id = identity()
    cohort = same_as()
    enrolment = same_as()
    told = document()
    deleted_at = moment()


class MemberMonth(Table, db=DB):
    """What a member did in one month of the cohort's tracking (0 is the first). Keyed by (cohort, enrolment, month)."""

    id = identity()
    cohort = reference(Cohort)
    enrolment = same_as()
    month = whole()
    activities = whole()
    conversations = whole()
    reactions = whole()

    member_month_known = Check("month >= 0")
    member_month_counts = Check(
        "activities >= 0 AND reactions >= 0 AND conversations BETWEEN 0 AND activities"
    )
