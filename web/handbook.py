"""The playbook to take along: its draft as a ZIP of Markdown files, a chapter each."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from litestar import Response, get
from litestar.di import NamedDependency

from playbooks.entries.queries import draft
from playbooks.handbook.rules import chapter_file
from program.roles.rules import Role
from web.visit import Visit, may


@get("/programs/{program:str}/playbook/export", opt=may(Role.LEAD))
async def take_along(visit: NamedDependency[Visit]) -> Response[bytes]:
    found = await draft(visit.reader)
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for number, chapter in enumerate(found.chapters, start=1):
            file = chapter_file(number, chapter)
            archive.writestr(file.name, file.text)
    name = f"playbook-{visit.program.slug}-{visit.today.isoformat()}.zip"
    return Response(
        packed.getvalue(),
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


HANDLERS = (take_along,)
