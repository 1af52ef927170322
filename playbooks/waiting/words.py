"""What waits for a person, in words: what to do, why, and what the button says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playbooks.set_up.rules import Step
from playbooks.set_up.words import step_words
from playbooks.waiting.rules import Task, Waiting
from program.words import gettext as _
from program.words import ngettext


@dataclass(frozen=True, slots=True)
class TaskWords:
    """`title` completes “Next: …”."""

    title: str
    why: str
    button: str


def task_words(waiting: Waiting) -> TaskWords:
    return _WORDS[waiting.task](waiting.count)


def _counted(one: str, many: str, count: int) -> str:
    return ngettext(one, many, count) % {"count": count}


_WORDS: Mapping[Task, Callable[[int], TaskWords]] = {
    Task.SET_UP: lambda number: TaskWords(
        _("go on with the set-up"),
        _("Step %(number)d of %(steps)d: %(step)s %(why)s")
        % {
            "number": number,
            "steps": len(Step),
            "step": step_words(tuple(Step)[number - 1]).asks,
            "why": step_words(tuple(Step)[number - 1]).why,
        },
        _("Go on"),
    ),
    Task.LIST_PEOPLE: lambda _count: TaskWords(
        _("list the people you may invite"),
        _("Take in a file as your HR system gives it, or add one person at a time."),
        _("List people"),
    ),
    Task.NAME_SPONSOR: lambda _count: TaskWords(
        _("name a sponsor"),
        _(
            "A gate opens only when a lead and a sponsor agree, so an executive has to be with you from the start."
        ),
        _("Name a sponsor"),
    ),
    Task.FORM_COHORT: lambda _count: TaskWords(
        _("form a cohort"),
        _("A phase is open, and nobody goes through it yet. Choose a name; inviting comes after."),
        _("Form a cohort"),
    ),
    Task.INVITE_PEOPLE: lambda _count: TaskWords(
        _("invite the first people"),
        _("Trusted, fairly senior, already active on social media: those make a good pilot."),
        _("Invite people"),
    ),
    Task.START_TRACKING: lambda count: TaskWords(
        _("start tracking"),
        _counted(
            "One person passed the training and is active. The first month begins on the day you start.",
            "%(count)d people passed the training and are active. The first month begins on the day you start.",
            count,
        ),
        _("To the cohort"),
    ),
    Task.READ_LEARNINGS: lambda count: TaskWords(
        _counted("read one learning", "read %(count)d learnings", count),
        _("Somebody wrote down what they found out. They hear from you what becomes of it."),
        _("Open the desk"),
    ),
    Task.PUBLISH_EDITION: lambda count: TaskWords(
        _("publish the next edition"),
        _counted(
            "One entry of the draft has changed since the last edition.",
            "%(count)d entries of the draft have changed since the last edition.",
            count,
        ),
        _("Look at the draft"),
    ),
    Task.TICK_CHECKLIST: lambda count: TaskWords(
        _("settle the gate’s checklist"),
        _counted("One item is not ticked yet.", "%(count)d items are not ticked yet.", count),
        _("To the gate"),
    ),
    Task.READ_AGAIN: lambda count: TaskWords(
        _counted("read one entry again", "read %(count)d entries again", count),
        _counted(
            "You look after it in the playbook. Say that it still holds, or what has changed.",
            "You look after them in the playbook. Say that they still hold, or what has changed.",
            count,
        ),
        _("To what is due"),
    ),
    Task.VOTE: lambda _count: TaskWords(
        _("vote on the gate"),
        _("Nothing holds it shut any more. It opens when a lead and a sponsor agree."),
        _("To the gate"),
    ),
    Task.MEET_CONDITION: lambda count: TaskWords(
        _counted("see to the condition you took on", "see to %(count)d conditions you took on", count),
        _("A gate was opened on your word. As long as it is not kept, the next gate stays shut."),
        _("To what you promised"),
    ),
    Task.CLOSE_INCIDENTS: lambda count: TaskWords(
        _counted("look into one incident", "look into %(count)d incidents", count),
        _("Only reviewers read what happened. A grave one holds the gate shut until it is closed."),
        _("To the incidents"),
    ),
    Task.ANSWER_INVITATION: lambda _count: TaskWords(
        _("answer your invitation"),
        _("Read what it means to take part, and say yes or no. Both are fine."),
        _("To the invitation"),
    ),
    Task.SAY_NETWORKS: lambda _count: TaskWords(
        _("say where you are active"),
        _("Two taps, by your own word; or say that you would rather not tell."),
        _("Go on joining"),
    ),
    Task.REGISTER_ACCOUNT: lambda _count: TaskWords(
        _("say where you speak"),
        _("Register one of your own accounts, with the line that tells where you work."),
        _("Register an account"),
    ),
    Task.GIVE_CONSENT: lambda _count: TaskWords(
        _("decide what is tracked"),
        _("Nothing is, until you say yes for an account, from a day of your choosing."),
        _("To your accounts"),
    ),
    Task.MEND_LEARNING: lambda count: TaskWords(
        _counted("answer a note on one learning", "answer notes on %(count)d learnings", count),
        _counted(
            "A lead has a question before it can go into the playbook.",
            "A lead has questions before they can go into the playbook.",
            count,
        ),
        _("Open the notebook"),
    ),
    Task.FINISH_LEARNING: lambda count: TaskWords(
        _counted("finish one draft", "finish %(count)d drafts", count),
        _("Only you see a draft. Send it to the desk when it says what you mean."),
        _("Open the notebook"),
    ),
    Task.LOG_ACTIVITY: lambda _count: TaskWords(
        _("log what you did"),
        _("Posted, replied, gave a talk? A link and the day are enough."),
        _("Log an activity"),
    ),
    Task.LOG_LEARNING: lambda _count: TaskWords(
        _("write down what you learned"),
        _("One sentence helps those who come after you."),
        _("Log a learning"),
    ),
}
