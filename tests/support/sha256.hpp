// SHA-256 (FIPS 180-4), for tests that compare more bytes than they want to keep.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstring>

class Sha256 {
 public:
  void add(const void* bytes, std::size_t size) {
    auto* from = static_cast<const unsigned char*>(bytes);
    total_ += size;
    while (size != 0) {
      const std::size_t some = size < 64 - used_ ? size : 64 - used_;
      std::memcpy(block_ + used_, from, some);
      used_ += some;
      from += some;
      size -= some;
      if (used_ == 64) mix();
    }
  }

  // 64 hexadecimal digits and a NUL. Nothing can be added behind it.
  const char* finish(char (&out)[65]) {
    const std::uint64_t bits = total_ * 8;
    const unsigned char end = 0x80;
    const unsigned char zero = 0;
    add(&end, 1);
    while (used_ != 56) add(&zero, 1);
    for (unsigned at = 0; at < 8; ++at) {
      const auto byte = static_cast<unsigned char>(bits >> (56 - 8 * at));
      add(&byte, 1);
    }
    for (unsigned at = 0; at < 8; ++at) std::snprintf(out + 8 * at, 9, "%08x", static_cast<unsigned>(state_[at]));
    return out;
  }

 private:
  static std::uint32_t turn(std::uint32_t word, unsigned by) { return word >> by | word << (32 - by); }

  void mix() {
    static constexpr std::uint32_t k[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
        0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7,
        0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
        0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
        0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c,
        0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
        0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
    std::uint32_t w[64];
    for (unsigned at = 0; at < 16; ++at) {
      w[at] = static_cast<std::uint32_t>(block_[4 * at]) << 24 | static_cast<std::uint32_t>(block_[4 * at + 1]) << 16 |
          static_cast<std::uint32_t>(block_[4 * at + 2]) << 8 | block_[4 * at + 3];
    }
    for (unsigned at = 16; at < 64; ++at) {
      const std::uint32_t a = turn(w[at - 15], 7) ^ turn(w[at - 15], 18) ^ w[at - 15] >> 3;
      const std::uint32_t b = turn(w[at - 2], 17) ^ turn(w[at - 2], 19) ^ w[at - 2] >> 10;
      w[at] = w[at - 16] + a + w[at - 7] + b;
    }
    std::uint32_t s[8];
    std::memcpy(s, state_, sizeof s);
    for (unsigned at = 0; at < 64; ++at) {
      const std::uint32_t e = turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25);
      const std::uint32_t one = s[7] + e + ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[at] + w[at];
      const std::uint32_t a = turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22);
      const std::uint32_t two = a + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
      for (unsigned place = 7; place > 0; --place) s[place] = s[place - 1];
      s[4] += one;
      s[0] = one + two;
    }
    for (unsigned at = 0; at < 8; ++at) state_[at] += s[at];
    used_ = 0;
  }

  std::uint32_t state_[8] = {
      0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::uint64_t total_ = 0;
  std::size_t used_ = 0;
  unsigned char block_[64] = {};
};
