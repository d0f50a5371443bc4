"""A person at a browser: signs in, clicks, and is checked for accessibility on the way."""

from axe_playwright_python.sync_playwright import Axe

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


class Person:
    """One browser window of one person, with the complaints that it heard."""

    def __init__(self, browser, server, width=1280, **options):
        self.context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        self.page = self.context.new_page()
        self.server = server
        self.complaints = []
        self.scanned = set()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self, user, password):
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", user.email)
        self.page.fill("input[name=password]", password)
        self.page.locator("main form:has(input[name=password]) button[type=submit]").click()
        self.page.wait_for_load_state()
        return self

    def go(self, path):
        answer = self.page.goto(self.server.url + path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return self

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=False).first.click()
        self.page.wait_for_load_state()

    def sees(self, *texts):
        body = self.page.inner_text("body")
        for text in texts:
            assert text in body, f"“{text}” is not on {self.page.url}:\n{body[:3000]}"

    def accessible(self):
        """No violation of WCAG 2.2 AA or of axe's best practices on this page."""
        # axe loads the style sheets again, in a way that the content policy rightly forbids:
        # what this page had to complain of itself, it has said by now.
        self.scanned.add(self.page.url)
        found = Axe().run(self.page, options=RULES)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"

    def close(self):
        self.context.close()
        assert self.complaints == [], "\n".join(self.complaints)

    def _listen(self, message):
        # A form that answers 422 with its errors is as it should be.
        if self.page.url in self.scanned or "status of 422" in message.text:
            return
        if message.type == "error":
            self.complaints.append(f"{self.page.url}: {message.text}")
