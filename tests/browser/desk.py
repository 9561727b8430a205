"""Somebody at a browser in the operations room, and what they were shown."""

from __future__ import annotations

from attrs import define, field
from playwright.sync_api import Browser, Locator, Page

from tests.browser.eyes import judged
from tests.store.kit import World, words_of


@define
class Desk:
    """Somebody at a browser of their own. `seen` are the addresses and titles it was shown."""

    page: Page
    base: str
    pause: str
    name: str
    language: str
    said: list[str] = field(factory=list)
    seen: list[str] = field(factory=list)

    def go(self, path: str) -> None:
        """Open a page, with @ for the pause, and look at it."""
        self.page.goto(path if path.startswith("http") else self.base + path.replace(
            "@", f"/p/{self.pause}/"))
        self.look()

    def tap(self, what: str | Locator) -> None:
        """Press a link or a button that leads to another page, and look at that."""
        target = self.page.locator(what).first if isinstance(what, str) else what
        with self.page.expect_navigation():
            target.click()
        self.look()

    def look(self) -> None:
        """See that a page fits its screen, and that figures and times stand apart and in order."""
        self.seen += [self.page.url, self.page.title()]
        judged(self.page, self.language)
        turned = self.page.evaluate(
            "[...document.querySelectorAll('main .code, main time bdi, main bdi')].filter("
            "e => getComputedStyle(e).unicodeBidi !== 'isolate').map(e => e.textContent)")
        assert turned == []
        bare = self.page.evaluate(NOT_APART)
        assert bare == [], bare

    @property
    def text(self) -> str:
        """What the page says, with all that is folded away."""
        return str(self.page.locator("main").text_content())


NOT_APART = r"""(() => {
  const found = [];
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, at = text.parentElement;
    if (/\d{4}-\d{2}-\d{2} \d{2}:\d{2}/.test(text.data)
        && !at.closest('bdi, pre[dir="ltr"]')) found.push(text.data.trim());
  }
  return found;
})()"""
"""Times that stand in a text without being kept apart from it."""


def desk(browser: Browser, base: str, world: World, name: str, *, language: str, width: int,
         by_the_door: bool = False) -> Desk:
    """Somebody has signed in; nobody: the public. By the door: with the form, as people do."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    cookies = {"lull-language": language}
    if name and not by_the_door:
        world.who(name)
        cookies["lull-session"] = world.tokens[name]
    context.add_cookies([{"name": n, "value": v, "url": base} for n, v in cookies.items()])
    made = Desk(context.new_page(), base, str(world.pause), name, language)
    made.page.on("console", lambda message: made.said.append(message.text))
    made.page.on("pageerror", lambda wrong: made.said.append(str(wrong)))
    if by_the_door:
        made.page.goto(base + "/sign-in")
        made.page.fill("#login", name)
        made.page.fill("#passphrase", words_of(name))
        with made.page.expect_navigation():
            made.page.click("main button")
    return made
