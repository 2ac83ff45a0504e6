"""A real Chromium, from the distribution's packages, as a person's browser."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import contextmanager

from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE = 20
ANSWERED = "return window.isLeft === undefined && document.readyState === 'complete'"
NEEDED = (
    "Chromium and its driver are needed: install the distribution's packages chromium and chromium-driver."
)


class Window:
    """A browser with the pages that a person has open in it."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver

    def start_anew(self) -> None:
        """Close every tab but one, which then shows nothing on a screen of the usual size."""
        first, *others = self.driver.window_handles
        for other in others:
            self.driver.switch_to.window(other)
            self.driver.close()
        self.driver.switch_to.window(first)
        self.driver.get("about:blank")
        self.emulate("clearDeviceMetricsOverride")
        self.complaints()

    def complaints(self) -> list[str]:
        """What the browser complained of since the last time: what a page's policy forbade, and errors."""
        said = self.driver.get_log("browser")
        return [one["message"] for one in said if "favicon.ico" not in one["message"]]

    def open(self, address: str) -> None:
        self.driver.get(address)

    def open_in_a_new_tab(self, address: str) -> None:
        self.driver.switch_to.new_window("tab")
        self.driver.get(address)

    def to_tab(self, number: int) -> None:
        self.driver.switch_to.window(self.driver.window_handles[number])

    @property
    def title(self) -> str:
        """The page's first heading."""
        return self._said("h1")

    @property
    def text(self) -> str:
        """All that the page shows."""
        return self._said("body")

    def _said(self, tag: str) -> str:
        # In one step: a page that is being left has elements that are gone at the next.
        script = "return document.querySelector(arguments[0])?.innerText ?? ''"
        return str(self.driver.execute_script(script, tag))

    def field(self, label: str) -> WebElement:
        """The field that a label, or the beginning of one, belongs to."""
        (found,) = (
            one for one in self.driver.find_elements(By.TAG_NAME, "label") if one.text.startswith(label)
        )
        named = found.get_attribute("for")
        return (
            self.driver.find_element(By.ID, named) if named else found.find_element(By.CSS_SELECTOR, "input")
        )

    def type(self, label: str, text: str) -> None:
        self.field(label).send_keys(text)

    def press(self, name: str) -> None:
        """Press a button and wait for the page that answers, or follow a link."""
        self.driver.execute_script("window.isLeft = false")
        pressable = self.driver.find_elements(By.CSS_SELECTOR, "button, a")
        pressed = next(one for one in pressable if one.text == name)
        is_button = pressed.tag_name == "button"
        pressed.click()
        if is_button:
            self._waits().until(lambda driver: driver.execute_script(ANSWERED), f"nothing answered {name!r}")

    def shows(self, title: str) -> None:
        """Wait until the page's heading is this one."""
        self._waits().until(lambda _: self.title == title, f"not {title!r}")

    def is_at(self, address: str) -> None:
        """Wait until the browser has come to an address that begins so."""
        self._waits().until(lambda driver: driver.current_url.startswith(address))

    def has_tabs(self, count: int) -> None:
        """Wait until there are so many tabs."""
        self._waits().until(lambda driver: len(driver.window_handles) == count)

    def emulate(self, command: str, **values: object) -> None:
        """Let the browser be on another screen, by its developer tools."""
        self.driver.execute_cdp_cmd(f"Emulation.{command}", values)

    def _waits(self) -> WebDriverWait[Chrome]:
        return WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05)


@contextmanager
def chromium() -> Generator[Window]:
    """Run a browser that nobody used before."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    assert program is not None, NEEDED
    assert driver is not None, NEEDED
    options = ChromeOptions()
    options.binary_location = program
    # Root has no sandbox, and a container little shared memory.
    for option in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-proxy-server"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    window = Chrome(options, ChromeService(driver))
    try:
        window.set_page_load_timeout(PATIENCE)
        yield Window(window)
    finally:
        window.quit()
