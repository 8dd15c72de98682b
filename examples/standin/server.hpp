// Accepts connections and serves each in a thread of its own, until it is told to stop.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "answer.hpp"
#include "error.hpp"
#include "http.hpp"
#include "misbehaviour.hpp"
#include "reply.hpp"
#include "service.hpp"
#include "stream.hpp"

namespace standin {

struct Options {
  std::uint16_t port = 0;
  std::string authority_file;
  std::string port_file;
  std::string recordings;
  std::string key;
  std::string prefix;
  std::string page;
  std::string misbehave;
  Flaw flaw = Flaw::none;
  int pace_ms = 20;
  int lifetime_s = 600;
  std::uint64_t once = 0;
  bool plain = false;
  bool quiet = false;
};

class Server {
 public:
  explicit Server(const Options& options)
      : options_(options),
        habit_(options.misbehave),
        service_(options.key, options.recordings, options.plain ? "http://" : "https://", options.prefix),
        identity_(random_, options.flaw),
        tls_(random_, identity_),
        listener_(Socket::listen(options.port)) {
    if (!options.authority_file.empty()) save(options.authority_file, identity_.authority_pem());
    if (!options.port_file.empty()) save(options.port_file, std::to_string(port()) + "\n");
  }

  std::uint16_t port() const { return listener_.port(); }

  // Serves until the lifetime is over or Stop was requested.
  void run() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(options_.lifetime_s);
    try {
      for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
        if (left <= 0) break;
        auto socket = listener_.accept(static_cast<int>(left));
        workers_.remove_if([](const auto& worker) {
          return worker->done.load();
        });
        if (socket && workers_.size() < worker_count_max) start(std::move(*socket));
      }
    } catch (const Stopping&) {}
    Stop::request();
    workers_.clear();
  }

 private:
  static constexpr std::size_t worker_count_max = 128;

  struct Worker {
    std::atomic<bool> done{false};
    std::thread thread;
    ~Worker() { thread.join(); }
  };

  // Other processes wait for these files: they appear complete or not at all.
  static void save(const std::string& path, const std::string& content) {
    const auto unfinished = path + ".part";
    std::ofstream file(unfinished, std::ios::binary);
    file << content;
    file.close();
    if (!file || std::rename(unfinished.c_str(), path.c_str()) != 0) throw std::runtime_error("cannot write " + path);
  }

  void start(Socket socket) {
    auto& worker = *workers_.emplace_back(std::make_unique<Worker>());
    worker.thread = std::thread([this, &worker, taken = std::make_shared<Socket>(std::move(socket))] {
      try {
        connection(std::move(*taken));
      } catch (const Gone&) {
      } catch (const Stopping&) {
      } catch (const std::exception& error) {
        std::fprintf(stderr, "standin: %s\n", error.what());
      }
      worker.done = true;
    });
  }

  void connection(Socket socket) {
    std::unique_ptr<Stream> stream;
    if (options_.plain) {
      stream = std::make_unique<PlainStream>(std::move(socket));
    } else {
      stream = std::make_unique<TlsStream>(std::move(socket), tls_);
    }
    RequestReader reader{*stream};
    while (exchange(*stream, reader)) {}
  }

  // One request and its answer; false when the connection is over.
  bool exchange(Stream& stream, RequestReader& reader) {
    Request request;
    Misbehaviour wish;
    Reply reply;
    const auto request_id = fresh_id("req_");
    bool close = false;
    try {
      if (!reader.head(request)) {
        stream.end(Ending::notify);
        return false;
      }
      const auto* asked = request.find("x-standin");
      wish = patience_.judge(asked ? Misbehaviour(*asked) : habit_);
      if (wish.has("early")) return refuse_early(stream, reader, request, wish, request_id);
      reader.body(request, body_room(request));
      close = lower(request.header("connection")) == "close";
      if (is_from_page(request) && request.method == "OPTIONS") return preflight(stream, request, request_id, close);
      if (is_from_page(request)) check_page(request);
      if (wish.has("raw")) return play_raw(stream, wish);
      reply = wish.has("status") ? error_reply(static_cast<int>(*wish.value("status")), wish, request_id)
                                 : service_.answer(request, wish);
    } catch (const ApiError& error) {
      close = close || error.close;
      reply = Reply::json(error_body(error, request_id), error.status);
    } catch (const Json::exception& error) {  // a shape that no check looked for
      reply = Reply::json(error_body({400, error.what()}, request_id), 400);
    }
    log(request, reply.status);
    if (is_from_page(request)) allow_page(reply);
    Sender sender{stream, wish, options_.pace_ms};
    sender.send(reply, request_id, close);
    return goes_on(sender, close || wish.has("close-after"));
  }

  bool goes_on(Sender& sender, bool close) {
    const bool last = options_.once != 0 && ++answered_ == options_.once;
    if (last || close) sender.end(Ending::notify);
    if (last) Stop::request();
    return !last && !close;
  }

  // Answers in the middle of the upload, as a proxy does that has seen enough, and reads no more.
  bool refuse_early(Stream& stream, RequestReader& reader, const Request& request, const Misbehaviour& wish,
      const std::string& request_id) {
    constexpr int patience_ms = 3000;
    reader.glance(request, 1024);
    const auto reply = error_reply(static_cast<int>(*wish.value("early")), wish, request_id);
    log(request, reply.status);
    Sender{stream, wish, options_.pace_ms}.send(reply, request_id, true);
    stream.wait_for_leave(patience_ms);
    stream.end(Ending::reset);
    return false;
  }

  // ---- pages in browsers ---------------------------------------------------------------------------------------------

  bool is_from_page(const Request& request) const {
    return !options_.page.empty() && request.header("origin") == options_.page;
  }

  static void check_page(const Request& request) {
    constexpr auto opt_in = "anthropic-dangerous-direct-browser-access";
    if (request.header(opt_in) != "true") {
      throw ApiError{401, std::string("CORS requests must set '") + opt_in + "' header"};
    }
  }

  void allow_page(Reply& reply) const {
    reply.headers.emplace_back("Access-Control-Allow-Origin", options_.page);
    reply.headers.emplace_back(
        "Access-Control-Expose-Headers", "request-id, retry-after, retry-after-ms, x-should-retry");
  }

  // The browser asks whether the page may send such a request.
  bool preflight(Stream& stream, const Request& request, const std::string& request_id, bool close) {
    Reply reply{200, {}, {}, false, {}};
    allow_page(reply);
    reply.headers.emplace_back("Access-Control-Allow-Methods", "POST, GET, DELETE");
    reply.headers.emplace_back("Access-Control-Allow-Headers", request.header("access-control-request-headers"));
    log(request, reply.status);
    const Misbehaviour none;
    Sender sender{stream, none, 0};
    sender.send(reply, request_id, close);
    return goes_on(sender, close);
  }

  bool play_raw(Stream& stream, const Misbehaviour& wish) {
    stream.write(service_.recordings().answer(wish.text("raw")));
    Sender{stream, wish, 0}.end(Ending::fin);
    return false;
  }

  static std::size_t body_room(const Request& request) {
    constexpr std::size_t megabyte = 1024 * 1024;
    const auto ends_with = [&](std::string_view end) {
      return request.path.size() >= end.size() &&
          std::string_view(request.path).substr(request.path.size() - end.size()) == end;
    };
    return ends_with("/batches") || ends_with("/files") ? 256 * megabyte : 32 * megabyte;
  }

  void log(const Request& request, int status) const {
    if (!options_.quiet)
      std::fprintf(stderr, "standin: %s %s %d\n", request.method.c_str(), request.path.c_str(), status);
  }

  Options options_;
  Misbehaviour habit_;
  Patience patience_;
  Service service_;
  Random random_;
  Identity identity_;
  Tls tls_;
  Socket listener_;
  std::atomic<std::uint64_t> answered_{0};
  std::list<std::unique_ptr<Worker>> workers_;
};

}  // namespace standin
