"""`coach secrets`."""

from rich.text import Text

from coach import rotating
from coach.app import App, open_app
from coach.cli.output import out, print_json
from coach.rotating import Keys
from config.secrets import FILE


def show(*, as_json: bool) -> None:
    app = open_app()
    _tell(app, rotating.look(app), as_json=as_json)


def rotate(*, leaked: bool, as_json: bool) -> None:
    app = open_app()
    standing = rotating.rotate(app, app.clock(), leaked=leaked)
    if not as_json:
        links = (
            "Links that are out are void" if leaked else f"Links that are out stay good for {rotating.LASTS.days} days"
        )
        out.print(f"The key is another now. {links}. Start every service and worker anew.", soft_wrap=True)
        if leaked and app.settings.secret_key_before is not None:
            out.print("Take COACH_SECRET_KEY_BEFORE away now: as long as it is set, it opens what it signed.")
    _tell(app, standing, as_json=as_json)


def _tell(app: App, standing: Keys, *, as_json: bool) -> None:
    sealed = standing.sealed
    if as_json:
        print_json(
            {
                "is_set": standing.is_set,
                "earlier": standing.earlier,
                "sealed": sealed.by_key,
                "sealed_by_earlier": sealed.by_earlier,
                "sealed_by_unknown": sealed.by_unknown,
            }
        )
        return
    where = "COACH_SECRET_KEY" if standing.is_set else str(app.settings.home / FILE)
    out.print(
        Text(f"The key is {where}; {sealed.by_key} channels and second steps are sealed with it."), soft_wrap=True
    )
    if standing.earlier:
        out.print(
            f"Of keys before it {standing.earlier} are kept, for links; {sealed.by_earlier} are sealed with such."
        )
    if sealed.by_unknown:
        out.print(
            f"{sealed.by_unknown} were sealed with a key that is not here: bring it back, or have them set up anew.",
            soft_wrap=True,
        )
