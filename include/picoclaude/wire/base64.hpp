// Writes base64 (RFC 4648, section 4: standard letters, padding, no line breaks) into a window.
#pragma once
#include "../base/window.hpp"

PICOCLAUDE_BEGIN
namespace detail {

constexpr char base64_letter(std::uint32_t bits) {
  return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[bits & 63];
}

// 1 to 3 bytes as 4 letters.
constexpr void encode_group(const char* bytes, std::uint32_t size, char* letters) {
  std::uint32_t bits = 0;
  for (std::uint32_t at = 0; at < 3; ++at) bits = bits << 8 | (at < size ? static_cast<unsigned char>(bytes[at]) : 0u);
  letters[0] = base64_letter(bits >> 18);
  letters[1] = base64_letter(bits >> 12);
  letters[2] = size < 2 ? '=' : base64_letter(bits >> 6);
  letters[3] = size < 3 ? '=' : base64_letter(bits);
}

// A third, rounded up, of at most 2^32 - 3. Without division: small machines have none.
constexpr std::uint32_t third_of(std::uint32_t size) {
  size += 2;
  std::uint32_t third = (size >> 2) + (size >> 4);
  third += third >> 4;
  third += third >> 8;
  third += third >> 16;
  return third + ((size - third * 3) * 11 >> 5);  // what is missing is 0 to 5: 11/32 is near enough to a third
}

// `size` bytes in memory, or of a source when there is one.
struct Bytes {
  const char* memory = nullptr;
  const Source* source = nullptr;
  std::uint32_t size = 0;

  constexpr bool read(std::uint32_t offset, char* out, std::uint32_t count) const {
    if (source != nullptr) return source->read_all(offset, out, count);
    for (std::uint32_t at = 0; at < count; ++at) out[at] = memory[offset + at];
    return true;
  }
};

// A group that does not fit as a whole. True: all of it was written.
constexpr bool encode_cut(Window& window, const Bytes& bytes, std::uint32_t left) {
  const std::uint32_t size = left < 3 ? left : 3;
  char group[3] = {};
  char letters[4] = {};
  if (!bytes.read(window.offset(), group, size)) return window.fail(Error::request_changed), false;
  encode_group(group, size, letters);
  return window.unit(letters, 4, size);
}

// All groups that fit. Their bytes are read to the end of the room that their letters will take, and become letters from
// its start: a letter never overtakes a byte that is still to be read.
constexpr bool encode_whole(Window& window, const Bytes& bytes, std::uint32_t left) {
  const std::uint32_t most = window.room() / 4 * 3;
  const std::uint32_t size = left < most ? left : most;
  const std::uint32_t letters = third_of(size) * 4;
  char* to = window.place();
  const char* from = to + (letters - size);
  if (!bytes.read(window.offset(), to + (letters - size), size)) return window.fail(Error::request_changed), false;
  for (std::uint32_t at = 0; at < size; at += 3, to += 4) encode_group(from + at, size - at, to);
  window.wrote(size, letters);
  return true;
}

constexpr void encode_base64(Window& window, const Bytes& bytes) {
  if (!window.begin()) return;
  if (window.measuring()) {
    // More than 3 GiB would be more than 4 GiB of letters.
    return window.end(window.count_groups(bytes.size < 0xC0000000 ? third_of(bytes.size) : 0xFFFFFFFF));
  }
  bool good = true;
  while (good && window.offset() < bytes.size) {
    const std::uint32_t left = bytes.size - window.offset();
    const bool cut = window.in_unit() || window.room() < 4;
    good = window.room() != 0 && (cut ? encode_cut(window, bytes, left) : encode_whole(window, bytes, left));
  }
  window.end(good);
}

}  // namespace detail

constexpr void base64(Window& window, string_view bytes) {
  detail::encode_base64(window, {bytes.data(), nullptr, static_cast<std::uint32_t>(bytes.size())});
}

// The bytes of a source, read in pieces of three quarters of the window.
constexpr void base64(Window& window, const Source& source) {
  detail::encode_base64(window, {nullptr, &source, source.size});
}

PICOCLAUDE_END
