// The HTTP seam over the browser's fetch, for programs compiled with Emscripten: a ReadableStream's reader, one chunk at
// a time, so that text appears as it comes and a slow page slows the stream down. It never waits: call next() in a tick.
//
//   FetchTransport http;
//   http.allow_direct_browser_access(true);  // only where the key may be seen by whoever uses the page
//   picoclaude::Client claude{http, memory, config};
//
// A redirect is an error (`redirect: "error"`). Certificates and connections are the browser's. A failure of fetch says
// nothing of its reason, on purpose (a page must not look around in a network): it is transport_failed, and not retried.
// Request bodies are collected in JavaScript's memory, because browsers stream them up over HTTP/2 only.
//
// Include it from one source file: EM_JS defines its functions where it stands.
#pragma once
#include <emscripten.h>
#include <picoclaude.hpp>

// clang-format off
EM_JS(int, picoclaude_fetch_new, (), {
  const all = Module.picoclaudeFetch || (Module.picoclaudeFetch = []);
  all.push({});
  return all.length - 1;
})

EM_JS(void, picoclaude_fetch_start, (int id, const char* method, const char* url), {
  Module.picoclaudeFetch[id] = {
    url: UTF8ToString(url), method: UTF8ToString(method), headers: {}, body: null, filled: 0, status: 0, names: [],
    reader: null, reading: false, chunk: null, at: 0, ended: false, failed: false, control: new AbortController()
  };
})

EM_JS(void, picoclaude_fetch_header, (int id, const char* name, const char* value), {
  Module.picoclaudeFetch[id].headers[UTF8ToString(name)] = UTF8ToString(value);
})

EM_JS(void, picoclaude_fetch_go, (int id), {
  const one = Module.picoclaudeFetch[id];
  const lost = function() { one.failed = true; };
  fetch(one.url, {
    method: one.method, headers: one.headers, body: one.body, signal: one.control.signal, redirect: "error",
    credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer"
  }).then(function(response) {
    one.status = response.status;
    response.headers.forEach(function(value, name) { one.names.push(name + ":" + value); });
    if (response.body) one.reader = response.body.getReader();
    else one.ended = true;
  }).catch(lost);
  one.body = one.headers = null;  // the key is fetch's now
})

EM_JS(void, picoclaude_fetch_body, (int id, int size), {
  Module.picoclaudeFetch[id].body = new Uint8Array(size);
})

EM_JS(int, picoclaude_fetch_send, (int id, const char* data, int size), {
  const one = Module.picoclaudeFetch[id];
  one.body.set(HEAPU8.subarray(data, data + size), one.filled);
  one.filled += size;
  return one.filled == one.body.length ? 1 : 0;
})

EM_JS(int, picoclaude_fetch_status, (int id), {
  const one = Module.picoclaudeFetch[id];
  return one.failed ? -1 : one.status;
})

EM_JS(int, picoclaude_fetch_next_header, (int id, char* line, int room), {
  const next = Module.picoclaudeFetch[id].names.shift();
  if (next === undefined) return 0;
  stringToUTF8(next, line, room);
  return 1;
})

EM_JS(int, picoclaude_fetch_recv, (int id, char* data, int room), {
  const one = Module.picoclaudeFetch[id];
  if (one.chunk) {
    const some = one.chunk.subarray(one.at, one.at + room);
    HEAPU8.set(some, data);
    one.at += some.length;
    if (one.at == one.chunk.length) one.chunk = null;
    if (some.length) return some.length;
  }
  if (one.failed) return -1;
  if (one.ended) return -2;
  if (one.reader && !one.reading) {
    one.reading = true;
    one.reader.read().then(function(result) {
      one.reading = false;
      one.ended = result.done;
      one.chunk = result.value || null;
      one.at = 0;
    }).catch(function() { one.failed = true; });
  }
  return 0;
})

EM_JS(void, picoclaude_fetch_close, (int id), {
  const one = Module.picoclaudeFetch[id];
  if (one.control) one.control.abort();
  Module.picoclaudeFetch[id] = {};
})
// clang-format on

class FetchTransport {
 public:
  static constexpr bool follows_redirects = false;
  static constexpr bool decodes_content = true;

  FetchTransport() : id_(picoclaude_fetch_new()) {}
  FetchTransport(const FetchTransport&) = delete;
  FetchTransport& operator=(const FetchTransport&) = delete;
  ~FetchTransport() { close(); }

  // Sends the header without which the service answers no page. Off by default: a key in a page belongs to whoever opens
  // the page's developer tools.
  void allow_direct_browser_access(bool on) { direct_ = on; }

  picoclaude::Io start(const char* method, const char* url) {
    picoclaude_fetch_start(id_, method, url);
    if (direct_) picoclaude_fetch_header(id_, "anthropic-dangerous-direct-browser-access", "true");
    return picoclaude::Io::ok();
  }
  picoclaude::Io header(const char* name, const char* value) {
    // The browser says itself who it is.
    if (picoclaude::string_view(name) != "user-agent") picoclaude_fetch_header(id_, name, value);
    return picoclaude::Io::ok();
  }
  picoclaude::Io begin_body(std::uint32_t size) {
    if (size != 0) {
      picoclaude_fetch_body(id_, static_cast<int>(size));
    } else {
      picoclaude_fetch_go(id_);
    }
    return picoclaude::Io::ok();
  }
  picoclaude::Io send(const char* data, std::size_t size) {
    if (picoclaude_fetch_send(id_, data, static_cast<int>(size)) != 0) picoclaude_fetch_go(id_);
    return picoclaude::Io::moved(size);
  }
  picoclaude::Io status(std::uint16_t& code) {
    const int answer = picoclaude_fetch_status(id_);
    if (answer < 0) return picoclaude::Io::failed(0);
    code = static_cast<std::uint16_t>(answer);
    return answer == 0 ? picoclaude::Io::wait() : picoclaude::Io::ok();
  }
  picoclaude::Io next_header(picoclaude::string_view& name, picoclaude::string_view& value) {
    if (picoclaude_fetch_next_header(id_, line_, sizeof line_) == 0) return picoclaude::Io::ok();
    const picoclaude::string_view line{line_};
    const std::size_t colon = line.find(':');
    name = {line.data(), colon};
    value = {line.data() + colon + 1, line.size() - colon - 1};
    return picoclaude::Io::ok();
  }
  picoclaude::Io recv(char* data, std::size_t room) {
    const int size = picoclaude_fetch_recv(id_, data, static_cast<int>(room));
    if (size > 0) return picoclaude::Io::moved(static_cast<std::size_t>(size));
    return size == 0 ? picoclaude::Io::wait() : size == -2 ? picoclaude::Io::closed() : picoclaude::Io::failed(0);
  }
  void close() { picoclaude_fetch_close(id_); }
  std::uint32_t now_ms() { return static_cast<std::uint32_t>(static_cast<std::uint64_t>(emscripten_get_now())); }

 private:
  int id_;
  bool direct_ = false;
  char line_[512];
};
