"""The states that an enrolment goes through."""

from enum import StrEnum


class EnrolmentState(StrEnum):
    INVITED = "invited"
    DECLINED = "declined"
    PREPARING = "preparing"
    ACTIVE = "active"
    PAUSED = "paused"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
