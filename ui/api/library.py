"""The routes that change the library, the jobs that come of them, and whether the server is alive and ready."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from shawahid.ingest.library import Library
from shawahid.ingest.types import Metadata
from shawahid.ui.desk import Desk
from shawahid.ui.gate.problems import Refused, declared

from .models import Health, Job, Jobs, MetadataChanges, Number, Readiness
from .receiving import FORM, receive

_LISTED = 100  # jobs


def curating_routes(library: Library, desk: Desk) -> APIRouter:
    """What changes the library: every route of this tag, and no other under /api, does."""
    router = APIRouter(prefix="/api", tags=["curate"])

    @router.post(
        "/ingest", status_code=202, responses=declared(400, 409, 413, 422, 429), name="ingest", openapi_extra=FORM
    )
    async def take_in(request: Request) -> Job:
        """Keep files and have their articles taken in, whatever becomes of the server. A file that cannot be is told
        in the job, the others go on."""
        job = desk.job(await receive(request, desk))
        assert job is not None
        return Job.of(job)

    @router.patch("/articles/{number}", responses=declared(400, 404, 409, 413, 422))
    def edit(number: Number, changes: MetadataChanges) -> Metadata:
        """Set an article's metadata by hand; what holds now is returned."""
        return desk.edit(number, changes.given())

    @router.delete("/articles/{number}", status_code=204, responses=declared(404, 409, 422))
    def remove(number: Number) -> None:
        """Take an article out of the library. Its text is kept, unsearched, for old citations."""
        desk.remove([library.article(number).id])

    return router


def job_routes(desk: Desk) -> APIRouter:
    """What became of files that were sent."""
    router = APIRouter(prefix="/api", tags=["read"])

    @router.get("/jobs", responses=declared())
    def jobs() -> Jobs:
        """The last hundred jobs, the newest first; those of earlier runs of the server too."""
        return Jobs([Job.of(status) for status in desk.jobs(_LISTED)])

    @router.get("/jobs/{id}", responses=declared(404, 422))
    def job(id_: Annotated[str, Path(alias="id", max_length=100)]) -> Job:
        """How far a job has come, file by file."""
        status = desk.job(id_)
        if status is None:
            raise Refused(404, "job_unknown", "There is no job with this id, or not any more.", job=id_)
        return Job.of(status)

    return router


def health_routes(library: Library) -> APIRouter:
    """For whoever watches the server; open to all."""
    router = APIRouter(tags=["health"])

    @router.get("/health")
    async def health() -> Health:
        """The server is alive, whatever its library is."""
        return Health()

    @router.get("/ready", responses={503: declared(503)[503]})
    def ready() -> Readiness:
        """The library can be read."""
        return Readiness("ready", library.status().articles)

    return router
