import io

from rich.console import Console

from coach.cli import bar


def test_the_bar_tells_how_fast_it_goes_and_how_long_it_takes(monkeypatch):
    monkeypatch.setattr(bar, "err", Console(file=io.StringIO(), force_terminal=True, width=100))
    progress = bar.progress("files")
    seconds = iter(range(100))
    progress.get_time = lambda: float(next(seconds))
    task = progress.add_task("import", total=1000)
    for _ in range(5):
        progress.advance(task, 20)
    screen = Console(file=io.StringIO(), width=100, record=True)
    screen.print(progress.get_renderable())
    told = screen.export_text()
    assert "100/1000" in told
    assert "20 files/s" in told
    assert "0:00:45 left" in told
