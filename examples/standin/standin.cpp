// A stand-in for api.anthropic.com on loopback: real TLS 1.2, real HTTP/1.1, the Messages API, and no model.
//
// It lets programs be tried and tested without a key and without a network, and misbehaves on demand.
//
//   standin --port-file port.txt --ca ca.pem &
//   curl --cacert ca.pem https://localhost:$(cat port.txt)/v1/messages -H 'x-api-key: any' ...

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>

#include "misbehaviour.hpp"
#include "server.hpp"

namespace {

using standin::Flaw;
using standin::Options;

void usage() {
  std::puts(
      "standin [OPTION]...   a stand-in for the Claude Messages API on 127.0.0.1\n\n"
      "  --port N          listen there (default 0: any free port)\n"
      "  --port-file FILE  write the port there, once connections are accepted\n"
      "  --ca FILE         write the certificate authority there (PEM)\n"
      "  --plain           HTTP without TLS\n"
      "  --certificate X   good (default), expired, not-yet-valid, wrong-host, unknown-authority\n"
      "  --key KEY         the only key accepted (default: any that does not contain \"invalid\")\n"
      "  --prefix PATH     expect this before /v1, as behind a gateway\n"
      "  --page ORIGIN     answer the page from there too (CORS), as the service does: with the opt-in header only\n"
      "  --pace MS         pause between the events of a stream (default 20)\n"
      "  --recordings DIR  where play= and raw= find streams/NAME.sse and http/NAME.http\n"
      "  --misbehave LIST  what every request without an x-standin header gets (below)\n"
      "  --once N          exit after N answers\n"
      "  --lifetime S      exit after so many seconds (default 600)\n"
      "  --quiet           no line per request\n\n"
      "A request can ask for misbehaviour by a header, `x-standin: KEY[=VALUE],...`:\n");
  for (const auto& trick : standin::tricks) {
    const auto name = std::string(trick.key) + (trick.value.empty() ? "" : "=") + std::string(trick.value);
    std::printf("  %-18s%s\n", name.c_str(), std::string(trick.meaning).c_str());
  }
}

[[noreturn]] void mistake(const std::string& what) {
  std::fprintf(stderr, "standin: %s (see --help)\n", what.c_str());
  std::exit(2);
}

std::uint64_t count(const std::string& option, const std::string& text, std::uint64_t most) {
  const auto value = standin::number(text);
  if (!value || *value > most) mistake(option + " needs a number up to " + std::to_string(most));
  return *value;
}

Flaw flaw(const std::string& name) {
  if (name == "good") return Flaw::none;
  if (name == "expired") return Flaw::expired;
  if (name == "not-yet-valid") return Flaw::not_yet_valid;
  if (name == "wrong-host") return Flaw::wrong_host;
  if (name == "unknown-authority") return Flaw::unknown_authority;
  mistake("unknown certificate: " + name);
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    const auto value = [&]() -> std::string {
      if (++i == argc) mistake(option + " needs a value");
      return argv[i];
    };
    if (option == "--help") {
      usage();
      std::exit(0);
    } else if (option == "--port") {
      options.port = static_cast<std::uint16_t>(count(option, value(), 65535));
    } else if (option == "--port-file") {
      options.port_file = value();
    } else if (option == "--ca") {
      options.authority_file = value();
    } else if (option == "--plain") {
      options.plain = true;
    } else if (option == "--certificate") {
      options.flaw = flaw(value());
    } else if (option == "--key") {
      options.key = value();
    } else if (option == "--prefix") {
      options.prefix = value();
    } else if (option == "--page") {
      options.page = value();
    } else if (option == "--pace") {
      options.pace_ms = static_cast<int>(count(option, value(), 60'000));
    } else if (option == "--recordings") {
      options.recordings = value();
    } else if (option == "--misbehave") {
      options.misbehave = value();
    } else if (option == "--once") {
      options.once = count(option, value(), 1'000'000);
    } else if (option == "--lifetime") {
      options.lifetime_s = static_cast<int>(count(option, value(), 1'000'000));
    } else if (option == "--quiet") {
      options.quiet = true;
    } else {
      mistake("unknown option: " + option);
    }
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = parse(argc, argv);
  try {
    standin::Stop::catch_signals();
    standin::Server server{options};
    if (!options.quiet) {
      std::fprintf(stderr, "standin: %s://localhost:%u%s\n", options.plain ? "http" : "https",
          static_cast<unsigned>(server.port()), options.prefix.c_str());
    }
    server.run();
  } catch (const standin::ApiError& error) {
    mistake("--misbehave: " + error.message);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "standin: %s\n", error.what());
    return 1;
  }
  return 0;
}
