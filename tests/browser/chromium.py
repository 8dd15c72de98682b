"""Drives a headless Chromium through ChromeDriver (the WebDriver protocol), and serves a folder of pages to it."""
import base64
import functools
import http.server
import json
import os
import subprocess
import tempfile
import threading
import time
import urllib.request

PATIENCE_S = 20

# Without those of the second line Chromium tries to reach hosts of its own.
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server"]


class Pages:
    """A folder on 127.0.0.1."""

    def __init__(self, folder):
        class Quiet(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()


class Browser:
    """One window; gone at the end of the with block."""

    def __init__(self, width=900, height=780):
        self.folder = tempfile.TemporaryDirectory()
        self.log = open(os.path.join(self.folder.name, "driver.log"), "wb")
        # Its port: it writes one line that ends with it.
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.address = None
        for line in self.driver.stdout:
            if "started successfully on port" in line:
                self.address = f"http://127.0.0.1:{line.split()[-1].rstrip('.')}"
                break
        assert self.address, "ChromeDriver did not start"
        flags = [*FLAGS, f"--user-data-dir={self.folder.name}/profile", f"--window-size={width},{height}"]
        wanted = {"browserName": "chrome", "goog:chromeOptions": {"args": flags, "binary": "/usr/bin/chromium"}}
        self.session = ""
        made = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = "/session/" + made["sessionId"]

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"content-type": "application/json"}, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from None

    def open(self, url):
        self.ask("POST", self.session + "/url", {"url": url})

    def run(self, script, *arguments):
        """What a script in the page returns."""
        return self.ask("POST", self.session + "/execute/sync", {"script": script, "args": list(arguments)})

    def wait_for(self, script, *arguments, patience_s=PATIENCE_S):
        """The first value that is not false."""
        deadline = time.monotonic() + patience_s
        while not (value := self.run(script, *arguments)):
            assert time.monotonic() < deadline, f"in vain: {script}"
            time.sleep(0.02)
        return value

    def element(self, selector):
        found = self.ask("POST", self.session + "/element", {"using": "css selector", "value": selector})
        return self.session + "/element/" + next(iter(found.values()))

    def click(self, selector):
        self.ask("POST", self.element(selector) + "/click", {})

    def type(self, selector, text):
        self.ask("POST", self.element(selector) + "/clear", {})
        self.ask("POST", self.element(selector) + "/value", {"text": text})

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.ask("GET", self.session + "/screenshot")))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.ask("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.log.close()
            self.folder.cleanup()
