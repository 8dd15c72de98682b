// The world does nothing: what it costs is in the image with the library and in the one without.
#include "world.hpp"

using picoclaude::Io;

#if PICOCLAUDE_ENABLE_HTTP_TRANSPORT
Io Modem::start(const char*, const char*) { return Io::wait(); }
Io Modem::header(const char*, const char*) { return Io::wait(); }
Io Modem::begin_body(std::uint32_t) { return Io::wait(); }
Io Modem::status(std::uint16_t&) { return Io::wait(); }
Io Modem::next_header(picoclaude::string_view&, picoclaude::string_view&) { return Io::wait(); }
#else
Io Modem::open(const char*, std::uint16_t) { return Io::wait(); }
#endif
Io Modem::send(const char*, std::size_t) { return Io::wait(); }
Io Modem::recv(char*, std::size_t) { return Io::wait(); }
void Modem::close() {}
std::uint32_t Modem::now_ms() { return 0; }
bool Modem::wait(std::uint32_t) { return false; }

void show(picoclaude::string_view) {}
void show(const picoclaude::Event&) {}

void fill(picoclaude::Config&) {}
void fill(picoclaude::Request&) {}
